"""What is at home: bought here, typed in or photographed, used morning and evening, resting around sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, text

from shop.account.pausing import KIND, promise_today
from shop.core.db import db
from shop.core.outbox import OutboxRow
from shop.intake.models import CupboardItem
from shop.orders.owning import owned_by, owners_of
from tests.account.things import make_line, make_order, make_series, make_visit
from tests.support.factories import make_product, make_treatment, make_variant

SESSION = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
PHOTO = b"\xff\xd8\xff\xe0 a photograph"


@pytest.fixture
def june(clock):
    clock.move_to("2026-06-01T09:00:00Z")
    return clock


@pytest.fixture
def treated(june, as_client):
    treatment = make_treatment("meso-lines")
    credit = make_series(as_client.person, held=1)
    credit.treatment_id = treatment.id
    linked = {"credit_id": credit.id, "treatment_id": treatment.id}
    as_client.visit = make_visit(as_client.person, starts_at=SESSION, kind="session", session="held", **linked)
    db.session.commit()
    return as_client


def buy(client, name: str, inci: str, step: str = "treat"):
    product = make_product(name=name, inci=inci, step=step, reading="assessed", variants=0)
    variant = make_variant(product)
    order = make_order(client, lines=0)
    make_line(order, 0, variant_id=variant.id, name=name)
    db.session.commit()
    return product


def typed(browser, **changed):
    return browser.post(
        "/account/cupboard", data={"name": "Canary night cream", "inci": "Aqua, Retinol", "step": "treat"} | changed
    )


def test_what_was_bought_is_there_by_itself_with_its_days(treated):
    buy(treated.person, "Retinol night", "Aqua, Retinol")
    page = treated.get("/account/cupboard").text
    assert "Retinol night" in page
    assert "Pause from Fri 5 June, back on Wed 17 June" in page
    assert "retinoid, version 1" in page
    assert "next pause begins on Fri 5 June" in page


def test_something_from_elsewhere_is_looked_at_too_and_kept_sealed(treated):
    assert typed(treated).status_code == 303
    assert "Pause from Fri 5 June" in treated.get("/account/cupboard").text
    assert "Canary" not in str(db.session.execute(text("select * from cupboard_item")).all())


@pytest.mark.parametrize("wrong", [{"name": ""}, {"inci": ""}])
def test_what_nobody_could_look_at_is_not_taken(treated, wrong):
    assert typed(treated, **wrong).status_code == 422


def test_a_photographed_label_waits_for_a_consultant(treated, as_consultant):
    assert typed(treated, inci="", photo=(BytesIO(PHOTO), "label.jpg")).status_code == 303
    assert "A consultant reads the label" in treated.get("/account/cupboard").text
    assert "Labels to read" in as_consultant.get("/admin/answers").text
    item = db.session.scalars(select(CupboardItem)).one()
    as_consultant.post(f"/admin/answers/labels/{item.id}", data={"inci": "Aqua, Glycolic Acid"})
    assert "Pause from Sun 7 June" in treated.get("/account/cupboard").text
    assert "Labels to read" not in as_consultant.get("/admin/answers").text


def test_used_up_is_gone_until_it_is_bought_again(treated, june):
    product = buy(treated.person, "Retinol night", "Aqua, Retinol")
    treated.post("/account/cupboard/finished", data={"product": product.id})
    assert owned_by(treated.person.id) == []
    june.shift(timedelta(days=1))
    variant = db.session.scalar(select(make_variant(product).__class__).limit(1))
    make_line(make_order(treated.person, lines=0), 0, variant_id=variant.id)
    db.session.commit()
    assert [one.name for one in owned_by(treated.person.id)] == ["Retinol night"]
    assert owners_of(product.id) == [treated.person.id]


def test_another_persons_cupboard_is_not_there(treated, app):
    from tests.support.people import browser_of_client

    typed(treated)
    item = db.session.scalars(select(CupboardItem)).one()
    stranger = browser_of_client(app)
    assert stranger.post("/account/cupboard/finished", data={"item": item.id}).status_code == 404
    assert "Canary" not in stranger.get("/account/cupboard").text


def test_the_routine_puts_each_thing_in_its_time_and_order(treated):
    buy(treated.person, "Sun cream", "Aqua, Zinc Oxide", step="protect")
    buy(treated.person, "Retinol night", "Aqua, Retinol", step="treat")
    buy(treated.person, "Gentle wash", "Aqua, Glycerin", step="cleanse")
    page = treated.get("/account/routine").text
    morning, evening = page[page.index("<h2>Morning") : page.index("<h2>Evening")], page[page.index("<h2>Evening") :]
    assert morning.index("Gentle wash") < morning.index("Sun cream")
    assert "Retinol night" not in morning
    assert "Sun cream" not in evening
    assert evening.index("Gentle wash") < evening.index("Retinol night")


def test_the_client_may_choose_another_time(treated):
    product = buy(treated.person, "Retinol night", "Aqua, Retinol")
    treated.post("/account/cupboard/when", data={"product": product.id, "when": "both"})
    page = treated.get("/account/routine").text
    assert "Retinol night" in page[page.index("<h2>Morning") : page.index("<h2>Evening")]
    assert treated.post("/account/cupboard/when", data={"product": product.id, "when": "noon"}).status_code == 422


def test_after_a_session_the_day_ring_says_what_rests(treated, june):
    buy(treated.person, "Retinol night", "Aqua, Retinol")
    treated.visit.state, treated.visit.session = "done", "used"
    june.move_to("2026-06-12T09:00:00Z")
    page = treated.get("/account/routine").text
    assert "Day 2 since your last session" in page
    assert "One product rests today; by Wed 17 June everything is back." in page
    june.move_to("2026-06-18T09:00:00Z")
    assert "Back on" in treated.get("/account/routine").text


def tell(mailbox, clock, day: str):
    """The evening of one day, as the worker lives it."""
    clock.move_to(f"{day}T10:00:00Z")
    promise_today()
    db.session.commit()
    before = len(mailbox)
    clock.move_to(f"{day}T16:30:00Z")
    return list(mailbox)[before:]


def test_the_note_goes_out_the_evening_before_and_once(treated, mailbox, june):
    buy(treated.person, "Retinol night", "Aqua, Retinol")
    assert tell(mailbox, june, "2026-06-03") == []
    mail = tell(mailbox, june, "2026-06-04")[0]
    assert mail.subject == "A note for tonight from Linden Row Skin Clinic"
    assert "Retinol night" in mail.text
    assert "Wednesday 17 June" in mail.text
    assert tell(mailbox, june, "2026-06-05") == []


def test_a_moved_appointment_moves_the_note(treated, mailbox, june):
    buy(treated.person, "Retinol night", "Aqua, Retinol")
    visit = treated.visit
    visit.starts_at, visit.leaves_at, visit.ends_at = (
        at + timedelta(days=2) for at in (visit.starts_at, visit.leaves_at, visit.ends_at)
    )
    assert tell(mailbox, june, "2026-06-04") == []
    assert "Friday 19 June" in tell(mailbox, june, "2026-06-06")[0].text


def test_what_a_client_typed_stays_out_of_mails_and_the_outbox(treated, mailbox, june):
    typed(treated)
    mail = tell(mailbox, june, "2026-06-04")[0]
    assert "your vitamin A product" in mail.text
    assert "Canary" not in str(mail)
    assert "Canary" not in str(db.session.execute(text("select * from outbox")).all())


def test_the_evenings_look_is_promised_once_a_day(app, june):
    for _ in range(3):
        promise_today()
    db.session.commit()
    assert len(db.session.scalars(select(OutboxRow).where(OutboxRow.kind == KIND)).all()) == 1


def test_the_cupboard_costs_the_same_however_full_it_is(treated, statements):
    buy(treated.person, "Retinol night", "Aqua, Retinol")
    treated.get("/account/cupboard")
    with statements() as few:
        treated.get("/account/cupboard")
    for n in range(6):
        buy(treated.person, f"More {n}", "Aqua, Glycerin")
        typed(treated, name=f"Typed {n}")
    with statements() as many:
        treated.get("/account/cupboard")
    assert len(few) == len(many)
