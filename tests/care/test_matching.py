from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.care.matching import match
from shop.care.matching_rules import concerns
from shop.core.errors import NotFound


@dataclass(frozen=True)
class Product:
    slug: str
    step: str | None = "treat"
    area: str = "face"
    skin_types: tuple[str, ...] = ()
    actives: tuple[tuple[str, int], ...] = ()
    classes: tuple[str, ...] = ()
    reading: str = "assessed"
    ingredients: tuple[str, ...] | None = None


def made_of(slug, text, **changes):
    names = tuple(name.strip().upper() for name in text.split(","))
    numbered = tuple((name, line) for line, name in enumerate(names, start=1))
    return Product(slug=slug, actives=numbered, ingredients=names, **changes)


TONE = made_of("tone-serum", "Aqua, Tranexamic Acid, Niacinamide, Glycerin")
AHA = made_of("glycolic-serum", "Aqua, Glycolic Acid, Niacinamide, Caffeine, Panthenol", classes=("aha",))
TINTED = made_of("tinted-spf", "Aqua, Zinc Oxide, Squalane, Iron Oxides", step="protect")
PLAIN_SPF = made_of("plain-spf", "Aqua, Zinc Oxide, Glycerin", step="protect")
WASH = made_of("wash", "Aqua, Glycerin, Coco-Glucoside", step="cleanse")
SCALP = made_of("scalp-serum", "Aqua, Propanediol, Caffeine, Panthenol", step="scalp", area="scalp")
SHAMPOO = made_of("shampoo", "Aqua, Decyl Glucoside, Panthenol", step="scalp", area="scalp")
SCALP_AHA = made_of("scalp-peel", "Aqua, Caffeine, Lactic Acid", step="scalp", area="scalp", classes=("aha",))
GEL = made_of("firming-gel", "Aqua, Alcohol, Caffeine", step="body", area="body")
SCENTED = made_of("scented-serum", "Aqua, Niacinamide, Parfum", classes=("fragrance",))
SHELF = (TONE, AHA, TINTED, PLAIN_SPF, WASH, SCALP, SHAMPOO, SCALP_AHA, GEL, SCENTED)


def hits(matched):
    return {hit.slug: hit for _, step in matched.steps for hit in step}


def refused(matched):
    return {refusal.slug: refusal for refusal in matched.refused}


def test_every_hit_names_concern_ingredient_and_place():
    hit = hits(match("pigmentation", SHELF))["tone-serum"]
    assert hit.reason == "For uneven tone: Tranexamic Acid, second in the full ingredient list."
    assert (hit.active, hit.line, hit.grade, hit.status) == ("TRANEXAMIC ACID", 2, "A", "fits")
    assert hit.notes == ("Nothing in our rules speaks against it.",)


def test_thinning_hair_never_gets_an_acid_serum_for_the_face():
    matched = match("hair-thinning", SHELF)
    assert set(hits(matched)) == {"scalp-serum", "shampoo"}
    assert "Fruit acids" in refused(matched)["glycolic-serum"].reason
    assert "Fruit acids" in refused(matched)["scalp-peel"].reason
    assert [hit.slug for hit in matched.essentials] == ["scalp-serum", "shampoo"]


@pytest.mark.parametrize("concern", concerns())
def test_each_product_is_either_matched_or_refused_with_a_reason(concern):
    matched = match(concern, SHELF)
    assert set(hits(matched)) | set(refused(matched)) == {product.slug for product in SHELF}
    assert set(hits(matched)) & set(refused(matched)) == set()
    assert all(refusal.reason.endswith(".") for refusal in matched.refused)
    assert len(matched.essentials) <= 3


def test_a_list_that_nobody_could_read_is_not_assessed_instead_of_green():
    unread = replace(TONE, slug="unread", reading="unknown")
    hit = hits(match("pigmentation", [unread]))["unread"]
    assert hit.status == "not assessed"
    assert "photograph the label" in " ".join(hit.notes)
    assert match("pigmentation", [unread]).essentials == ()


def test_a_partly_read_list_is_fine_while_nothing_is_avoided():
    partly = replace(TONE, reading="partly")
    assert hits(match("pigmentation", [partly]))["tone-serum"].status == "fits"
    assert (
        hits(match("pigmentation", [partly], avoid=["Niacin"], means={"niacin": []}))["tone-serum"].status == "not assessed"
    )


def test_what_a_person_avoids_is_refused():
    matched = match("pigmentation", SHELF, avoid=["niacinamide"])
    assert "avoid" in refused(matched)["tone-serum"].reason


@pytest.mark.parametrize("word", ["perfume", "Fragrance", "fragrance"])
def test_everyday_words_mean_classes(word):
    assert "scented-serum" in refused(match("pigmentation", SHELF, avoid=[word]))


def test_alcohol_does_not_mean_every_name_with_alcohol_in_it():
    fatty = made_of("fatty", "Aqua, Niacinamide, Cetearyl Alcohol")
    assert hits(match("pigmentation", [fatty], avoid="alcohol"))["fatty"].status == "fits"


def test_fragrance_may_hide_an_allergen():
    assert hits(match("pigmentation", SHELF, avoid=["limonene"]))["scented-serum"].status == "ask"
    assert hits(match("pigmentation", SHELF, avoid=["limonene"]))["tone-serum"].status == "fits"


def test_a_name_that_nobody_knows_is_never_called_absent():
    assert hits(match("pigmentation", SHELF, avoid=["unobtainium"]))["tone-serum"].status == "not assessed"


def test_a_word_can_be_spelled_out_by_the_caller():
    soy = made_of("soy-serum", "Aqua, Niacinamide, Glycine Soja Oil")
    matched = match("pigmentation", [soy, TONE], avoid=["soy"], means={"Soy": ["Glycine Soja Oil"]})
    assert "soy-serum" in refused(matched)
    assert hits(matched)["tone-serum"].status == "fits"


def test_without_the_whole_list_nothing_is_called_free_of_a_name():
    short = replace(TONE, ingredients=None)
    assert (
        hits(match("pigmentation", [short, SCENTED], avoid=["parfum-x", "caffeine"]))["tone-serum"].status == "not assessed"
    )


@pytest.mark.parametrize(
    ("verdict", "status"),
    [("use", "fits"), ("pause", "pause"), ("ask", "ask"), ("not assessed", "not assessed"), ("nonsense", "not assessed")],
)
def test_the_calendars_word_is_kept(verdict, status):
    assert hits(match("pigmentation", [TONE], verdicts={"tone-serum": verdict}))["tone-serum"].status == status


def test_a_no_of_the_calendar_refuses():
    assert refused(match("pigmentation", [TONE], verdicts={"tone-serum": "no"}))["tone-serum"].kind == "no"


def test_what_speaks_against_a_product_comes_after_what_does_not():
    other = replace(TONE, slug="aaa-serum", reading="unknown")
    (_, step), *_ = match("pigmentation", [other, TONE]).steps
    assert [hit.slug for hit in step] == ["tone-serum", "aaa-serum"]


def test_a_tinted_sunscreen_comes_first_for_uneven_tone():
    assert [hit.slug for hit in match("pigmentation", SHELF).essentials] == ["tinted-spf", "tone-serum", "wash"]


def test_without_a_tinted_one_any_sunscreen_is_essential():
    assert match("pigmentation", [PLAIN_SPF]).essentials[0].slug == "plain-spf"


def test_what_a_person_owns_is_kept_and_not_sold_again():
    matched = match("pigmentation", SHELF, owned=["tinted-spf", "unheard-of"])
    assert [hit.slug for hit in matched.keep] == ["tinted-spf"]
    assert "tinted-spf" not in hits(matched)
    assert [hit.slug for hit in matched.essentials] == ["tone-serum", "wash"]


def test_a_plain_nothing_to_buy_is_possible():
    own = made_of("from-elsewhere", "Aqua, Caffeine", step="body", area="body")
    matched = match("cellulite", SHELF, owned=[own])
    assert matched.is_nothing_to_buy
    assert matched.keep[0].slug == "from-elsewhere"


def test_an_owned_product_that_is_avoided_is_not_kept():
    matched = match("pigmentation", SHELF, owned=["scented-serum"], avoid=["perfume"])
    assert matched.keep == ()
    assert "scented-serum" in refused(matched)


def test_a_product_for_another_skin_comes_last_and_says_so():
    dry = replace(TONE, slug="a-dry-serum", skin_types=("dry", "normal"))
    (_, step), *_ = match("pigmentation", [dry, TONE], skin="oily").steps
    assert [hit.slug for hit in step] == ["tone-serum", "a-dry-serum"]
    assert "Made for dry and normal skin." in step[1].notes


def test_sensitive_skin_gets_no_scrub_and_the_unscented_first():
    scrub = made_of("scrub", "Aqua, Niacinamide, Pumice", classes=("scrub",))
    matched = match("skin-rejuvenation", [scrub, SCENTED, TONE], skin="sensitive")
    assert "scrub" in refused(matched)
    assert list(hits(matched)) == ["tone-serum", "scented-serum"]


def test_a_medicine_is_never_offered():
    lotion = replace(SCALP, slug="minoxidil", classes=("minoxidil",))
    assert "medicine" in refused(match("hair-thinning", [lotion]))["minoxidil"].reason


def test_glycerin_is_a_reason_only_where_nothing_better_is():
    plain = made_of("plain-cream", "Aqua, Glycerin, Cetearyl Alcohol", step="moisturise")
    better = made_of("rich-cream", "Aqua, Glycerin, Cetearyl Alcohol, Panthenol", step="moisturise")
    (_, step), *_ = match("hydration", [plain, better]).steps
    assert [(hit.slug, hit.active) for hit in step] == [("rich-cream", "PANTHENOL"), ("plain-cream", "GLYCERIN")]


def test_an_ingredient_far_down_the_list_is_no_reason():
    text = ", ".join([f"Filler {number}" for number in range(9)] + ["Dimethicone"])
    assert refused(match("scars", [made_of("late", text)]))["late"].kind == "no reason"


def test_a_product_without_a_step_waits_for_a_person():
    assert refused(match("pigmentation", [replace(TONE, step=None)]))["tone-serum"].kind == "step"


def test_a_concern_without_rules_is_not_found():
    for slug in ("melasma", "every-face"):
        with pytest.raises(NotFound):
            match(slug, SHELF)


names = st.sampled_from(["CAFFEINE", "NIACINAMIDE", "GLYCERIN", "ZINC OXIDE", "LIMONENE", "AQUA", "Ζ?", ""])
products = st.lists(
    st.builds(
        Product,
        slug=st.text("abc", min_size=1, max_size=3),
        step=st.sampled_from(["treat", "protect", "scalp", "odd", None]),
        area=st.sampled_from(["face", "body", "scalp", "eye", "nose"]),
        skin_types=st.sampled_from([(), ("dry",), ("oily", "dry")]),
        actives=st.lists(st.tuples(names, st.integers(1, 40)), max_size=5).map(tuple),
        classes=st.sampled_from([(), ("aha",), ("fragrance",), ("scrub", "retinoid")]),
        reading=st.sampled_from(["assessed", "partly", "unknown"]),
        ingredients=st.none() | st.lists(names).map(tuple),
    ),
    max_size=8,
    unique_by=lambda product: product.slug,
)


@given(
    shelf=products,
    concern=st.sampled_from(concerns()),
    skin=st.sampled_from([None, "dry", "sensitive", "unheard-of"]),
    avoid=st.lists(names | st.text(max_size=5), max_size=3),
    data=st.data(),
)
def test_the_order_of_the_shelf_changes_nothing_and_nothing_unread_is_green(shelf, concern, skin, avoid, data):
    matched = match(concern, shelf, skin=skin, avoid=avoid)
    assert match(concern, data.draw(st.permutations(shelf)), skin=skin, avoid=avoid) == matched
    by_slug = {product.slug: product for product in shelf}
    for hit in hits(matched).values():
        assert by_slug[hit.slug].reading != "unknown" or hit.status == "not assessed"
    assert len(matched.essentials) <= 3
    assert {hit.status for hit in matched.essentials} <= {"fits", "pause"}
