"""The demo clinic's content holds together, reads calmly and promises nothing."""

from __future__ import annotations

import csv
import os
import re
import shutil
from pathlib import Path

import pytest

from shop.care.claims import lint
from shop.care.parsing import read_label
from shop.demo.content import FOLDER, load
from shop.demo.content.checking import check, ean_is_valid, names_in

CONCERNS = {
    "skin-rejuvenation", "fine-lines", "hydration", "scars", "pigmentation",
    "stretch-marks", "cellulite", "localised-fat", "hair-thinning",
}  # fmt: skip
STEPS = {"cleanse", "tone", "treat", "eye", "moisturise", "protect", "mask", "body", "scalp"}
FORBIDDEN = re.compile(
    r"!|\bsafe(ly|ty)?\b|miracle|detox|toxin|guarantee|clinically proven|\bcures?\b|\bheals\b"
    r"|melts? |burns? fat|regrow|anti-?ageing|painless|botox|needle|credit|redeem|(?-i:\bINCI\b)",
    re.I,
)


@pytest.fixture(scope="module")
def content():
    return load()


def broken(tmp_path: Path, name: str, old: str, new: str) -> Path:
    folder = tmp_path / "content"
    shutil.copytree(FOLDER, folder)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_every_concern_has_a_treatment_and_products_for_it(content):
    assert {c.slug for c in content.concerns} == CONCERNS
    assert {slug for t in content.treatments for slug in t.concerns} == CONCERNS
    assert {link.concern for p in content.products for link in p.links} == CONCERNS


def test_every_treatment_is_sold_single_as_three_as_six_and_as_upkeep(content):
    for treatment in content.treatments:
        slugs = {p.slug for p in content.packages if p.treatment == treatment.slug}
        assert slugs >= {f"{treatment.slug}-{n}" for n in ("1", "3", "6", "upkeep")}


def test_the_hair_series_slows_down(content):
    hair = next(p for p in content.packages if p.slug == "meso-hair-6")
    assert [least for least, _ in hair.gaps] == [7, 7, 7, 14, 30]
    assert (hair.price_minor, hair.single_minor) == (54000, 11000)


def test_fat_sessions_are_never_less_than_four_weeks_apart(content):
    gaps = [g for p in content.packages if p.treatment == "meso-fat" for g in p.gaps]
    assert min(least for least, _ in gaps) == 28


def test_every_treatment_names_the_late_lump_and_its_weeks(content):
    for treatment in content.treatments:
        late = [s for s in treatment.side_effects if "one to twelve weeks" in s]
        assert len(late) == 1, treatment.slug


def test_there_are_about_sixty_products_over_every_step(content):
    assert 55 <= len(content.products) <= 75
    assert {p.step for p in content.products} == STEPS


def test_each_why_line_points_at_its_own_place_in_the_list(content):
    for product in content.products:
        names = names_in(product.inci)
        for link in product.links:
            assert names[link.line - 1] == link.active


def test_retinoids_warn_about_vitamin_a_and_pregnancy(content):
    retinoids = {"RETINOL", "RETINAL", "HYDROXYPINACOLONE RETINOATE"}
    carriers = [p for p in content.products if retinoids & set(names_in(p.inci))]
    assert len(carriers) >= 4
    for product in carriers:
        assert "vitamin A" in product.warnings, product.slug
        assert "pregnancy" in product.warnings, product.slug


def test_no_medicine_is_sold_as_a_cosmetic(content):
    medicines = {"MINOXIDIL", "HYDROQUINONE", "BENZOYL PEROXIDE", "ADAPALENE", "TRETINOIN"}
    assert not [p.slug for p in content.products if medicines & set(names_in(p.inci))]


def test_no_page_of_the_clinic_promises_frightens_or_shouts(content):
    found = []
    for path in sorted(FOLDER.rglob("*.toml")) + sorted(FOLDER.rglob("*.md")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if (hit := FORBIDDEN.search(line)) and not line.startswith("#"):
                found.append(f"{path.name}:{number} {hit.group()}")
    assert not found


def test_each_legal_page_and_consent_is_there_with_its_version(content):
    keys = {text.key for text in content.texts}
    assert keys >= {"terms", "privacy", "returns", "complaints", "accessibility"}
    assert keys >= {"consent-early-start", "consent-adult", "consent-health-answers", "consent-terms"}
    assert all(text.version.year == 2026 for text in content.texts)


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("products_treat_day.toml", 'key_actives = ["ASCORBIC ACID"', 'key_actives = ["BAKUCHIOL"', "not in its list"),
        ("packages.toml", "[[7, 14], [7, 14]]", "[[7, 14]]", "3 sessions need 2 gaps"),
        ("packages.toml", "6 = 59400", "6 = 99900", "dearer than its sessions"),
        ("packages.toml", 'noun = "Care"', 'noun = "Hair"', "names a concern"),
        ("boxes.toml", "OST-FLC-30", "OST-XXX-30", "no OST-XXX-30"),
        ("addons.toml", 'not_with = ["peel"]', 'not_with = ["pearl"]', "no add-on pearl"),
    ],
)  # fmt: skip
def test_a_slip_in_the_content_is_refused_with_a_sentence(tmp_path, name, old, new, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        load(broken(tmp_path, name, old, new))


def test_a_barcode_with_a_wrong_check_digit_is_refused(content):
    code = content.products[0].variants[0].barcode
    assert ean_is_valid(code)
    assert not ean_is_valid(code[:-1] + str((int(code[-1]) + 1) % 10))
    assert not ean_is_valid(code[:-1])


def test_the_same_sku_twice_is_refused(content):
    twice = content.model_copy(update={"products": [*content.products, content.products[0]]})
    problems = check(twice)
    assert any(problem.startswith("sku:") for problem in problems)


def test_every_ingredient_is_a_real_inci_name(content):
    folder = os.environ.get("SHOP_TEST_DATA")
    if not folder:
        pytest.skip("SHOP_TEST_DATA is not set: ingredient names were not compared with CosIng")
    with open(Path(folder) / "ingredients/cosing_sohab117.csv", encoding="utf-8-sig") as file:
        known = {row["inci_name"].strip().upper() for row in csv.DictReader(file)} | {"IRON OXIDES"}
    unknown = {
        (p.slug, name) for p in content.products
        for name in names_in(p.inci) if name.split("/WATER")[0] not in known
    }  # fmt: skip
    assert not unknown


def test_no_sentence_of_the_clinic_breaks_a_rule_for_claims(content):
    found = [(where, hit.phrase, hit.rule) for where, words in sentences(content.model_dump()) for hit in lint(words)]
    assert not found


def test_every_list_is_read_to_its_last_name_and_each_why_line_agrees(content):
    for product in content.products:
        label = read_label(product.inci)
        assert (label.status, label.unread) == ("assessed", ()), product.slug
        assert set(product.key_actives) <= {name for token in label.tokens for name in token.names}
        assert [label.tokens[link.line - 1].name for link in product.links] == [link.active for link in product.links]


def sentences(entry, where=""):
    """Every text of the content, with where it stands."""
    if isinstance(entry, str):
        yield where, entry
    elif isinstance(entry, dict):
        for key, value in entry.items():
            yield from sentences(value, f"{where}.{key}")
    elif isinstance(entry, list):
        for number, value in enumerate(entry):
            yield from sentences(value, f"{where}[{number}]")
