"""A shelf, a client and a plan, small and whole, for the tests of this folder."""

from itertools import count

from shop.intake.facts import change_allergies
from shop.intake.subjects import Subject
from shop.plans.lines import ESSENTIAL, HABIT, PRODUCT, Content, Line
from shop.plans.models import Protocol
from shop.plans.person import person_of
from shop.plans.starting import add_first_protocols
from shop.plans.writing import write_plan
from tests.support import factories

_number = count(1)
TONE = "Aqua, Tranexamic Acid, Niacinamide, Glycerin"
CALM = "Aqua, Glycerin, Panthenol, Niacinamide"
TINTED = "Aqua, Zinc Oxide, Squalane, Iron Oxides"


def make_shelf(*, stock=5):
    """Concern pigmentation with its treatment and series, and a product for each step of "Melasma 4"."""
    add_first_protocols(by="the tests")
    concern = factories.make_concern("pigmentation", label="Uneven tone")
    treatment = factories.make_treatment(
        "meso-pigmentation", concerns=[concern], sold_as="consultation", name="Tone treatment"
    )
    factories.make_package(
        treatment, sessions=4, slug="meso-pigmentation-4", name="Uneven tone, 4 sessions", price_minor=48000
    )
    brand = factories.make_brand(name="Solenne")
    for slug, step, inci, price in (
        ("wash", "cleanse", CALM, 1800),
        ("mist", "tone", CALM, 1500),
        ("tone-serum", "treat", TONE, 3600),
        ("calm-serum", "treat", CALM, 3200),
        ("cream", "moisturise", CALM, 2400),
        ("tinted-spf", "protect", TINTED, 2800),
    ):
        made = factories.make_product(
            slug=slug,
            name=slug.replace("-", " ").title(),
            step=step,
            inci=inci,
            brand=brand,
            variants=0,
            price_minor=price,
            reading="assessed",
        )
        factories.make_variant(made, sku=sku_of(slug), stock=stock)
        factories.make_link(made, concern)
    return concern


def sku_of(slug):
    return f"SKU-{slug}".upper()


def melasma_4():
    from sqlalchemy import select

    from shop.core.db import db

    return db.session.scalars(select(Protocol).where(Protocol.name == "Melasma 4")).one()


def line(slug, **facts):
    """One product of the shelf; the price is put right when it is written."""
    return Line(**{"kind": PRODUCT, "name": slug, "sku": sku_of(slug), "step": "treat", "when": "evening"} | facts)


def essential(slug, **facts):
    return line(slug, role=ESSENTIAL, **facts)


def habit(words="Shade at noon", **facts):
    return Line(kind=HABIT, name=words, **facts)


def content(*lines, **facts):
    return Content(concern="pigmentation", goal="Calmer patches by summer", lines=tuple(lines), **facts)


def make_consultant(**facts):
    return factories.make_user(**{"role": "consultant", "name": "Ines Okafor"} | facts)


def make_plan(client=None, said=None, *, consultant=None, **more):
    """A draft with one version."""
    client = client or factories.make_client()
    consultant = consultant or make_consultant(email=f"consultant{next(_number)}@clinic.example")
    said = said or content(essential("tone-serum"), line("cream", step="moisturise"))
    facts = {"consultant_id": consultant.id, "by": f"user:{consultant.id}", "cause": f"test:{next(_number)}"}
    return write_plan(person_of(client.id), said, **facts | more)


def avoid(client, *allergies):
    change_allergies(Subject(client_id=client.id), allergies, by="the tests")
