"""A plan is kept in versions that never change; what a rule forbids stands in none without a person's reason."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from shop.catalog.models import Package, Variant
from shop.core.db import db
from shop.core.errors import Conflict
from shop.plans.checking import NotWritten
from shop.plans.lines import ESSENTIAL, PACKAGE, SERIES, Line, Own
from shop.plans.models import PlanItem, PlanText, PlanVersion
from shop.plans.person import person_of
from shop.plans.proposing import propose
from shop.plans.protocols import outline_of
from shop.plans.writing import content_of, write_version
from tests.plans import making
from tests.plans.making import content, essential, habit, line, make_plan, make_shelf
from tests.support import factories

SECOND = "SKU-CALM-SERUM"


@pytest.fixture
def shelf(app):
    return make_shelf()


def problems(client=None, **given):
    with pytest.raises(NotWritten) as refused:
        make_plan(client, **given)
    return [(one.field, one.line) for one in refused.value.problems]


def items_of_plan(plan, number=1):
    version = select(PlanVersion.id).where(PlanVersion.plan_id == plan.id, PlanVersion.number == number)
    return list(db.session.scalars(select(PlanItem).where(PlanItem.version_id.in_(version)).order_by(PlanItem.position)))


def own_series(**facts):
    own = Own(
        **{
            "treatment": "meso-pigmentation",
            "sessions": 3,
            "gaps": "28",
            "area": "Cheeks",
            "price_minor": 33000,
            "validity_days": 120,
        }
        | facts
    )
    return Line(kind=SERIES, name="", role=ESSENTIAL, own=own)


def test_a_template_fills_five_steps_and_a_series_for_this_client(shelf):
    client = factories.make_client()
    proposal, _items, _known = propose(outline_of(making.melasma_4()), person_of(client.id))
    kinds = [one.step or one.kind for one in proposal.content.lines]
    assert kinds == ["package", "cleanse", "tone", "treat", "moisturise", "protect"]
    plan = make_plan(client, proposal.content)
    version = db.session.scalars(select(PlanVersion).where(PlanVersion.plan_id == plan.id)).one()
    assert version.total_minor == 48000 + 3600 + 2400 + 2800
    assert version.optional_minor == 1800 + 1500
    assert [one.essential_slot for one in items_of_plan(plan)] == [None, None, None, 1, 2, 3]


def test_prices_and_names_are_those_of_the_shop_whatever_was_sent(shelf):
    plan = make_plan(said=content(essential("tone-serum", price_minor=1, name="Free")))
    said = content_of(plan.id, 1)
    assert (said.lines[0].name, said.lines[0].price_minor) == ("Solenne Tone Serum", 3600)
    assert items_of_plan(plan)[0].price_minor == 3600


def test_what_a_rule_forbids_is_refused_and_stands_only_with_a_reason(shelf):
    client = factories.make_client()
    making.avoid(client, "niacinamide")
    assert problems(client, said=content(essential("tone-serum"))) == [("override", 0)]
    assert problems(client, said=content(essential("tone-serum", override="ok"))) == [("override", 0)]
    plan = make_plan(client, content(essential("tone-serum", override="Tolerated it for a year, seen on 2 March")))
    [item] = items_of_plan(plan)
    assert (item.clearance, item.cleared_by) == ("person", plan_author(plan))
    assert content_of(plan.id, 1).lines[0].overridden_by == plan_author(plan)


def plan_author(plan):
    return f"user:{plan.consultant_id}"


def test_a_reason_that_nothing_asks_for_is_not_kept(shelf):
    plan = make_plan(said=content(essential("tone-serum", override="Because I say so")))
    assert [item.clearance for item in items_of_plan(plan)] == ["rules"]
    assert content_of(plan.id, 1).lines[0].override == ""


def test_a_forbidden_substitute_is_refused_as_well(shelf):
    client = factories.make_client()
    making.avoid(client, "tranexamic acid")
    said = content(essential("calm-serum", substitute="SKU-TONE-SERUM"))
    assert problems(client, said=said) == [("substitute", 0)]


def test_a_fourth_essential_is_refused_by_the_shop_and_by_the_database(shelf):
    four = [essential(slug) for slug in ("tone-serum", "calm-serum", "cream", "tinted-spf")]
    assert problems(said=content(*four)) == [("lines", None)]
    plan = make_plan(said=content(*four[:3]))
    spare = db.session.scalars(select(Variant.id).where(Variant.sku == "SKU-TINTED-SPF")).one()
    row = {"version_id": items_of_plan(plan)[0].version_id, "position": 9, "variant_id": spare, "role": "essential"}
    row |= {"quantity": 1, "price_minor": 2800, "clearance": "rules"}
    db.session.commit()
    for slot in (4, 3, None):
        db.session.add(PlanItem(**row, essential_slot=slot))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_the_database_wants_a_name_beside_every_clearance(shelf):
    plan = make_plan(said=content(essential("tone-serum")))
    spare = db.session.scalars(select(Variant.id).where(Variant.sku == SECOND)).one()
    version_id = items_of_plan(plan)[0].version_id
    db.session.commit()
    row = {"variant_id": spare, "role": "optional", "quantity": 1, "price_minor": 0, "clearance": "person"}
    db.session.add(PlanItem(version_id=version_id, position=5, **row))
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize("table", [PlanVersion, PlanItem])
def test_versions_are_append_only(shelf, table):
    make_plan()
    db.session.commit()
    for act in (delete(table), update(table).values(by="x") if table is PlanVersion else update(table).values(quantity=2)):
        with pytest.raises(DatabaseError):
            db.session.execute(act)
        db.session.rollback()


def test_what_is_written_is_unreadable_in_the_database(shelf):
    make_plan(said=content(habit("Shade at noon, says canary-7731"), essential("tone-serum", why="For canary-7731")))
    db.session.commit()
    raw = db.session.execute(text("select content from plan_text")).scalar()
    assert "canary" not in str(raw)
    assert "canary-7731" in db.session.scalars(select(PlanText)).one().content["lines"][-1]["name"]


def test_the_second_version_stands_beside_the_first_and_two_at_once_are_refused(shelf):
    plan = make_plan(said=content(essential("tone-serum")))
    person = person_of(plan.client_id)
    assert write_version(plan, person, content(essential("calm-serum")), seen=1, by="user:1") == 2
    assert content_of(plan.id, 1).lines[0].sku == "SKU-TONE-SERUM"
    assert content_of(plan.id, 2).lines[0].sku == SECOND
    with pytest.raises(Conflict):
        write_version(plan, person, content(essential("cream")), seen=1, by="user:1")


def test_the_same_click_twice_is_one_plan(shelf):
    client, consultant = factories.make_client(), making.make_consultant()
    first = make_plan(client, consultant=consultant, cause="plan:once")
    assert make_plan(client, consultant=consultant, cause="plan:once").id == first.id


def test_nothing_to_buy_today_is_an_outcome_of_its_own(shelf):
    plan = make_plan(said=content(habit(), nothing_to_buy=True))
    version = db.session.scalars(select(PlanVersion)).one()
    assert (version.outcome, version.total_minor, version.optional_minor) == ("nothing", 0, 0)
    assert items_of_plan(plan) == []
    assert problems(said=content(essential("cream"), nothing_to_buy=True)) == [("nothing", None)]
    assert problems(said=content()) == [("lines", None)]


def test_a_series_of_the_client_s_own_becomes_a_package_that_no_page_lists(shelf, client):
    plan = make_plan(said=content(own_series()))
    package = db.session.scalars(select(Package).where(Package.slug.startswith("own-"))).one()
    assert (package.state, package.sessions, package.gaps, package.price_minor) == (
        "private",
        3,
        [[28, None], [28, None]],
        33000,
    )
    assert package.statement_name == "Course of sessions (3)"
    assert items_of_plan(plan)[0].package_id == package.id
    db.session.commit()
    assert client.get(f"/packages/{package.slug}").status_code == 404


def test_a_series_that_cannot_be_used_in_time_is_refused_with_the_days_it_needs(shelf):
    with pytest.raises(NotWritten, match="140"):
        make_plan(said=content(own_series(sessions=6, validity_days=120)))


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"sessions": 0}, "sessions"),
        ({"treatment": ""}, "treatment"),
        ({"gaps": "soon"}, "gaps"),
        ({"gaps": ""}, "gaps"),
        ({"price_minor": 0}, "price"),
        ({"area": " "}, "area"),
    ],
)
def test_a_series_says_which_fact_is_missing(shelf, broken, field):
    assert problems(said=content(own_series(**broken))) == [(field, 0)]


def test_another_client_s_series_cannot_be_put_into_a_plan(shelf):
    make_plan(said=content(own_series()))
    slug = db.session.scalars(select(Package.slug).where(Package.slug.startswith("own-"))).one()
    assert problems(said=content(Line(kind=PACKAGE, name="x", package=slug))) == [("package", 0)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"lines": (line("cream", when="noon"),)}, ("when", 0)),
        ({"lines": (line("cream", quantity=0),)}, ("quantity", 0)),
        ({"lines": (line("cream", start_on="2026-06-02", stop_on="2026-06-01"),)}, ("stop_on", 0)),
        ({"lines": (line("cream", start_on="soon"),)}, ("start_on", 0)),
        ({"lines": (line("cream"), line("cream"))}, ("sku", 1)),
        ({"lines": (line("nothing-of-ours"),)}, ("sku", 0)),
        ({"lines": (habit(" "),)}, ("name", 0)),
        ({"lines": (habit(),), "message": "It melts fat, guaranteed."}, ("message", None)),
        ({"lines": (line("cream", why="It removes toxins."),)}, ("why", 0)),
        ({"lines": (habit(),), "review_on": "2020-01-01"}, ("review_on", None)),
    ],
)
def test_every_problem_names_its_field(shelf, said, expected):
    assert problems(said=replace(content(), **said)) == [expected]
