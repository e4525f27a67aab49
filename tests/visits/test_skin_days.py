"""The ingredient calendar on pages: what is sold, what is in the bag, for clients and for visitors who give a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shop.bag.filling import add_variant
from shop.bag.finding import Owner
from shop.catalog.models import Variant
from shop.core.db import db
from shop.intake import facts
from shop.intake.subjects import Subject
from shop.visits.skin_days import calendar_of, sessions_of
from tests.account.things import make_series, make_visit
from tests.orders.buying import place_order
from tests.support.factories import make_product, make_treatment

SESSION = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def june(clock):
    clock.move_to("2026-06-01T09:00:00Z")
    return clock


@pytest.fixture
def treated(june, as_client):
    """A client with a session on Wednesday 10 June 2026."""
    treatment = make_treatment("meso-lines")
    credit = make_series(as_client.person, held=1)
    credit.treatment_id = treatment.id
    as_client.visit = make_visit(
        as_client.person, starts_at=SESSION, kind="session", session="held", credit_id=credit.id, treatment_id=treatment.id
    )
    db.session.commit()
    return as_client


@pytest.fixture
def shelf(app):
    names = {
        "Retinol night": "Aqua, Retinol",
        "Glycolic toner": "Aqua, Glycolic Acid",
        "Calm cream": "Aqua, Sodium Hyaluronate",
    }
    return {name: make_product(name=name, inci=inci, reading="assessed", stock=9) for name, inci in names.items()}


def card(page: str, name: str) -> str:
    """The part of the list that shows one product."""
    return next(part for part in page.split("<article") if f">{name}</a>" in part)


def test_before_a_session_each_product_says_its_own_days(treated, shelf):
    page = treated.get("/products").text
    assert "Pause from Fri 5 June, back on Wed 17 June" in card(page, "Retinol night")
    assert "Pause from Sun 7 June, back on Wed 17 June" in card(page, "Glycolic toner")
    assert "care-line" not in card(page, "Calm cream")
    assert "Counted towards your session on Wed 10 June" in page


def test_after_a_session_the_bag_says_when_to_start(treated, shelf, june):
    june.move_to("2026-06-12T09:00:00Z")
    for product in shelf.values():
        add_variant(Owner(user_id=treated.user.id), _sku(product))
    page = treated.get("/bag").text
    assert page.count("Start on Wed 17 June") == 2
    assert "care-line" in page


def test_the_slip_in_the_parcel_says_it_again_and_nothing_that_the_client_told(treated, shelf, june, as_role):
    june.move_to("2026-06-12T09:00:00Z")
    facts.change_allergies(Subject(client_id=treated.person.id), ["panthenol", "glycolic acid"], by="client")
    sizes = [db.session.scalars(db.select(Variant).where(Variant.product_id == one.id)).one() for one in shelf.values()]
    order = place_order(*sizes, client=treated.person)
    db.session.commit()
    page = as_role("stock").get(f"/admin/orders/{order.number}/slip").text
    assert page.count("Start on Wed 17 June") == 2
    assert "llerg" not in page


def _sku(product) -> str:
    return db.session.scalar(db.select(Variant.sku).where(Variant.product_id == product.id))


def test_a_moved_visit_moves_every_date(treated, shelf):
    treated.visit.starts_at += timedelta(days=2)
    treated.visit.leaves_at += timedelta(days=2)
    treated.visit.ends_at += timedelta(days=2)
    page = treated.get("/products").text
    assert "Pause from Sun 7 June, back on Fri 19 June" in card(page, "Retinol night")


def test_a_cancelled_visit_pauses_nothing(treated, shelf):
    treated.visit.state, treated.visit.session = "cancelled", "free"
    assert "care-line" not in treated.get("/products").text


def test_the_product_page_names_the_rule_behind_its_one_sentence(treated, shelf):
    page = treated.get(f"/products/{shelf['Retinol night'].slug}").text
    assert page.count("Pause from Fri 5 June") == 1
    assert "retinoid, version 1" in page
    assert "Around a session" not in page


def test_a_visitor_gives_a_day_that_stays_in_the_browser(june, client, shelf, app):
    assert "care-line" not in client.get("/products").text
    assert client.post("/calendar/last-session", data={"day": "2026-05-30", "back": "/products"}).status_code == 303
    assert "Start on Sat 6 June" in card(client.get("/products").text, "Retinol night")
    assert client.get("/products").headers["Cache-Control"] == "no-store"
    assert "care-line" not in app.test_client().get("/products").text
    client.post("/calendar/last-session", data={"day": ""})
    assert "care-line" not in client.get("/products").text


@pytest.mark.parametrize("day", ["soon", "2020-01-01", "2030-01-01", "2026-13-45"])
def test_nonsense_is_no_day(june, client, day):
    assert client.post("/calendar/last-session", data={"day": day}).status_code == 422


def test_an_allergy_is_told_in_one_sentence_and_pregnancy_too(june, as_client, shelf):
    me = Subject(client_id=as_client.person.id)
    facts.change_allergies(me, ["sodium hyaluronate"], by="client")
    facts.change_pregnancy(me, pregnant=True, by="client")
    page = as_client.get("/products").text
    assert "no vitamin A products while pregnant" in card(page, "Retinol night")
    assert card(page, "Calm cream").count("care-line") == 1


def test_the_list_costs_the_same_however_long_it_is(treated, statements, shelf):
    treated.get("/products")
    with statements() as few:
        treated.get("/products")
    for n in range(12):
        make_product(name=f"More {n}", inci=f"Aqua, Retinol, Glycerin, Dye {n}")
    treated.get("/products")
    with statements() as many:
        treated.get("/products")
    assert len(few) == len(many)


def test_a_plain_visitor_pays_nothing_for_the_calendar(june, client, shelf, statements):
    client.get("/products")
    with statements() as count:
        client.get("/products")
    assert not [text for text in count.texts if "client_facts" in text or "visit" in text]


def test_sessions_are_counted_on_the_clinics_own_day(treated):
    assert [session.on.isoformat() for session in sessions_of(treated.person.id)] == ["2026-06-10"]
    assert calendar_of(treated.person.id).next_session.treatment == "meso-lines"
