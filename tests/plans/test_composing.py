"""A proposal is filled from rules, shelf and person: at most three essentials, what is owned is kept, what is forbidden never comes."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain, combinations, product

import pytest

from shop.care.calendar import Session, judge
from shop.care.labels import Label
from shop.care.parsing import read_label
from shop.demo.content import load
from shop.plans.composing import AtHome, Judged, compose, judged
from shop.plans.lines import ESSENTIAL, KEEP, PRODUCT
from shop.plans.protocols import Outline, Slot
from shop.plans.starting import first_protocols

ON = date(2026, 6, 12)


@dataclass(frozen=True, eq=False)
class Size:
    """A size on the shelf, as the demo clinic's content has it."""

    slug: str
    step: str
    area: str
    inci: str
    skin_types: tuple[str, ...] = ()
    left: int = 5
    price_minor: int = 2500
    concerns: frozenset[str] = field(default_factory=frozenset)

    @property
    def sku(self) -> str:
        return f"SKU-{self.slug}"

    @property
    def title(self) -> str:
        return self.slug.replace("-", " ").title()

    @property
    def label(self) -> Label:
        return label_of(self.inci)

    @property
    def reading(self) -> str:
        return self.label.status

    @property
    def classes(self):
        return set(self.label.classes)

    @property
    def actives(self):
        return actives_of(self.inci)

    @property
    def ingredients(self):
        return tuple(name for name, _ in actives_of(self.inci))


@lru_cache(maxsize=512)
def label_of(inci):
    return read_label(inci)


@lru_cache(maxsize=512)
def actives_of(inci):
    return [(token.name, token.position) for token in label_of(inci).tokens if token.name]


def size(slug, inci, step="treat", area="face", **more):
    return Size(slug, step, area, inci, **more)


def proposed(outline, shelf, *, verdicts=None, sentences=None, **more):
    known, matched = judged(outline.concern, shelf, verdicts or {}, sentences or {})
    return compose(outline, shelf, known, matched, **{"on": ON} | more)


def outline_of(told):
    slots = tuple(Slot(**line) for line in told["lines"])
    return Outline(told["concern"], told["package"], slots=slots)


TONE = size("tone-serum", "Aqua, Tranexamic Acid, Niacinamide, Glycerin")
AZELAIC = size("azelaic-cream", "Aqua, Glycerin, Panthenol, Squalane, Azelaic Acid")
TINTED = size("tinted-spf", "Aqua, Zinc Oxide, Squalane, Iron Oxides", "protect")
WASH = size("wash", "Aqua, Glycerin, Niacinamide, Coco-Glucoside", "cleanse")
CREAM = size("cream", "Aqua, Glycerin, Niacinamide, Ceramide NP", "moisturise")
SHELF = (TONE, AZELAIC, TINTED, WASH, CREAM)
MELASMA = Outline(
    "pigmentation",
    "meso-pigmentation-4",
    slots=(
        Slot(step="protect", when="morning", role=ESSENTIAL),
        Slot(step="treat", when="evening", role=ESSENTIAL),
        Slot(step="cleanse", role=ESSENTIAL),
        Slot(step="moisturise", role=ESSENTIAL),
    ),
)


def test_steps_come_in_the_order_of_use_with_the_series_first():
    found = proposed(MELASMA, SHELF, package=("Uneven tone, 4 sessions", 48000))
    assert [line.step or line.kind for line in found.content.lines] == [
        "package",
        "cleanse",
        "treat",
        "moisturise",
        "protect",
    ]
    assert found.content.lines[0].price_minor == 48000
    assert found.content.review_on == "2026-08-07"


def test_at_most_three_products_are_essential_and_the_rest_becomes_optional():
    content = proposed(MELASMA, SHELF).content
    assert [line.role for line in content.lines] == ["essential", "essential", "essential", "optional"]
    assert (content.total_minor, content.optional_minor, content.whole_minor) == (7500, 2500, 10000)


def test_a_line_says_why_how_much_and_how_often_and_names_what_may_come_instead():
    line = next(line for line in proposed(MELASMA, SHELF).content.lines if line.step == "treat")
    assert line.why == "For uneven tone: Tranexamic Acid, second in the full ingredient list."
    assert (line.amount, line.frequency, line.when) == ("Three drops", "Every day", "evening")
    assert (line.sku, line.substitute) == ("SKU-tone-serum", "SKU-azelaic-cream")


def test_what_is_owned_and_may_be_used_is_kept_instead_of_bought():
    found = proposed(MELASMA, SHELF, owned=[AtHome("My wash", "cleanse"), AtHome("My acid", "treat", verdict="no")])
    kept = [line for line in found.content.lines if line.kind == KEEP]
    assert [(line.name, line.step, line.price_minor) for line in kept] == [("My wash", "cleanse", 0)]
    assert any(line.step == "treat" and line.kind == PRODUCT for line in found.content.lines)


def test_what_a_rule_forbids_is_replaced_by_the_next_best():
    found = proposed(MELASMA, SHELF, verdicts={"tone-serum": "no"}, sentences={"tone-serum": "Not for you."})
    line = next(line for line in found.content.lines if line.step == "treat")
    assert (line.sku, line.substitute) == ("SKU-azelaic-cream", "")


def test_a_size_that_was_pinned_and_is_forbidden_is_named_in_the_notes():
    pinned = Outline("pigmentation", slots=(Slot(step="treat", sku="SKU-tone-serum"),))
    found = proposed(pinned, SHELF, verdicts={"tone-serum": "no"}, sentences={"tone-serum": "It holds what you avoid."})
    assert found.notes == ("Tone Serum was left out. It holds what you avoid.",)


def test_what_is_out_of_stock_comes_last():
    shelf = (size("tone-serum", TONE.inci, left=0), AZELAIC)
    line = proposed(Outline("pigmentation", slots=(Slot(step="treat"),)), shelf).content.lines[0]
    assert line.sku == "SKU-azelaic-cream"


def test_a_concern_of_the_clinic_s_own_is_filled_by_the_calendar_alone():
    known, matched = judged("our-own", SHELF, {"tone-serum": "no"}, {})
    assert matched is None
    assert known["tone-serum"] == Judged("no")


ALLERGIES = ("fragrance", "lanolin", "soy", "nuts", "niacinamide", "propolis", "salicylates", "cetearyl alcohol")
SESSIONS = ((), (Session("meso-lines", date(2026, 6, 10)),), (Session("meso-hair", date(2026, 6, 15)),), (Session("", ON),))
SKINS = (None, "dry", "oily", "combination", "normal", "sensitive")


def people():
    """All combinations of the flags: 2 × 256 × 4 × 6 = 12,288."""
    several = chain.from_iterable(combinations(ALLERGIES, n) for n in range(len(ALLERGIES) + 1))
    return product((False, True), several, SESSIONS, SKINS)


@pytest.fixture(scope="module")
def demo_shelf():
    return [
        Size(
            one.slug,
            one.step or "",
            one.area,
            one.inci,
            tuple(one.skin_types),
            concerns=frozenset(link.concern for link in one.links),
        )
        for one in load().products
    ]


def count_forbidden(shelf, chosen):
    """(how many clients, how many lines, the forbidden ones) over every first protocol."""
    outlines = [outline_of(told) for told in first_protocols()]
    of_concern = {one.concern: [item for item in shelf if one.concern in item.concerns] for one in outlines}
    verdicts: dict = {}
    clients = lines = 0
    forbidden = []
    for pregnant, allergies, sessions, skin in chosen:
        key = (pregnant, allergies, sessions)
        if key not in verdicts:
            facts = {"sessions": sessions, "on": ON, "pregnant": pregnant, "allergies": allergies}
            verdicts[key] = {item.slug: judge(item.label, **facts).verdict for item in shelf}
        said = verdicts[key]
        clients += 1
        for outline in outlines:
            known, matched = judged(outline.concern, of_concern[outline.concern], said, {}, skin=skin)
            for line in compose(outline, of_concern[outline.concern], known, matched, on=ON).content.lines:
                for sku in filter(None, (line.sku, line.substitute)):
                    lines += 1
                    slug = sku.removeprefix("SKU-")
                    if said[slug] == "no" or known[slug].forbids:
                        forbidden.append((outline.concern, slug, key))
    return clients, lines, forbidden


def test_no_template_gives_any_of_three_hundred_clients_what_a_rule_forbids(demo_shelf):
    clients, lines, forbidden = count_forbidden(demo_shelf, list(people())[::41])
    assert clients == 300
    assert lines > 300 * 9
    assert forbidden == []


@pytest.mark.slow
def test_no_template_gives_any_client_what_a_rule_forbids(demo_shelf):
    clients, lines, forbidden = count_forbidden(demo_shelf, people())
    assert clients == 12288
    assert lines > 12288 * 9
    assert forbidden == []


def test_the_count_finds_a_forbidden_line_when_the_rules_are_not_asked(demo_shelf, monkeypatch):
    import sys

    here = sys.modules[__name__]
    asks = judged
    blind = lambda concern, shelf, *_, skin=None: asks(concern, shelf, {}, {}, skin=skin)  # noqa: E731
    monkeypatch.setattr(here, "judged", blind)
    _, _, forbidden = count_forbidden(demo_shelf, [(True, ("niacinamide",), (), None)])
    assert forbidden


def test_every_first_protocol_names_a_series_and_a_concern_that_the_demo_clinic_has():
    content = load()
    assert {told["package"] for told in first_protocols()} <= {one.slug for one in content.packages}
    assert {told["concern"] for told in first_protocols()} == {one.slug for one in content.concerns}
