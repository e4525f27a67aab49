"""A consultation may cost a fee: paid ahead or at the desk, off a series by a code, back in time, and kept when it is late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.bag.models import DiscountCode
from shop.checking import all_differences
from shop.core.db import db
from shop.core.settings import change_setting
from shop.orders.models import Order
from shop.orders.prospects import preview
from shop.payments.models import Refund
from shop.visits.attending import treat
from shop.visits.booking import Choice, book
from shop.visits.cancelling import cancel, consequence_of
from shop.visits.choosing import matter_for
from shop.visits.models import Visit
from shop.visits.rescheduling import move
from shop.visits.undoing import undo
from tests.support.factories import make_package
from tests.support.forms import forms
from tests.support.journeys import fill_bag
from tests.visits.clinic import at, open_clinic
from tests.visits.test_client_pages import follow, last_form


@pytest.fixture(autouse=True)
def _still(clock):
    """The clock stands still before anybody signs in."""


@pytest.fixture
def fee(app):
    open_clinic()
    change_setting("visits.consultation_fee_minor", 3000, by="user:1")
    db.session.commit()


@pytest.fixture
def visit(fee, as_client):
    matter = matter_for("consultation", client_id=as_client.person.id)
    found = book(matter, Choice(starts_at=at("2026-03-10")), cause="c", by="client:1")
    db.session.commit()
    return found


def pay(as_client, standin, run_worker, visit):
    answer = as_client.post(f"/account/visits/{visit.number}/fee")
    assert answer.status_code == 303
    as_client.get(standin.pay(answer.location))
    run_worker()
    db.session.expire_all()


def code():
    return db.session.scalars(select(DiscountCode)).one()


def back():
    return [(r.tender, r.amount_minor) for r in db.session.scalars(select(Refund).order_by(Refund.id))]


def test_the_fee_is_named_at_every_step_and_paid_on_the_page_of_the_appointment(fee, as_client, mailbox):
    assert "£30, which come off a series" in as_client.get("/account/visits/new").text
    assert "It costs £30, which come off a series" in as_client.get("/consultation").text
    confirm = as_client.get(follow(as_client.get("/account/visits/new?what=consultation").text)).text
    assert "£30.00" in confirm
    form = last_form(confirm, "/account/visits/new")
    page = as_client.get(as_client.post(form.action, data=form.fields).location).text
    assert "Pay £30.00 now" in page
    assert "The consultation costs £30.00" in mailbox.last(as_client.person.email).text


def test_paid_by_card_it_comes_off_a_series_once(visit, as_client, standin, run_worker, mailbox):
    pay(as_client, standin, run_worker, visit)
    order = db.session.scalars(select(Order)).one()
    assert (order.state, order.total_minor, order.vat_minor, visit.fee_order) == ("placed", 3000, 500, order.number)
    assert "£30.00 paid" in as_client.get(f"/account/visits/{visit.number}").text
    found = code()
    assert (found.amount_minor, found.kinds, found.limit_all, found.ends_on.isoformat()) == (
        3000,
        ["package"],
        1,
        "2026-05-01",
    )
    assert any(found.name in mail.text for mail in mailbox.to(as_client.person.email))
    fill_bag(as_client, package=make_package(sessions=6, price_minor=54000).slug)
    answer = as_client.post("/bag/codes", data={"code": found.name})
    assert answer.status_code == 303, answer.text
    assert "£510.00" in as_client.get("/bag").text
    assert as_client.get(f"/orders/{order.number}").status_code == 200
    assert all_differences() == []


def test_called_off_in_time_it_goes_back_and_the_code_ends(visit, as_client, standin, run_worker):
    pay(as_client, standin, run_worker, visit)
    assert "goes back to you" in consequence_of(visit).words
    cancel(visit, by="client:1")
    db.session.commit()
    for _ in range(3):
        run_worker()
    db.session.expire_all()
    assert back() == [("stripe", 3000)]
    assert code().ended_at is not None
    assert all_differences() == []


def test_called_off_late_it_is_kept_and_that_was_said_before(visit, as_client, standin, run_worker, clock):
    pay(as_client, standin, run_worker, visit)
    clock.move_to(at("2026-03-09"))
    due = consequence_of(visit)
    assert (due.takes, due.words) == (
        "kept",
        "The fee of £30.00 is not paid back, because it is so close to the appointment.",
    )
    cancel(visit, by="client:1", seen="kept")
    db.session.commit()
    run_worker()
    assert back() == []
    assert code().ended_at is None


def test_when_the_clinic_calls_it_off_it_goes_back_however_late(visit, as_client, standin, run_worker, clock):
    pay(as_client, standin, run_worker, visit)
    clock.move_to(at("2026-03-09"))
    cancel(visit, by="user:1", ours=True)
    db.session.commit()
    for _ in range(3):
        run_worker()
    assert back() == [("stripe", 3000)]


def test_a_moved_consultation_stays_paid(visit, as_client, standin, run_worker):
    pay(as_client, standin, run_worker, visit)
    later = move(visit, Choice(starts_at=at("2026-03-16", 14)), cause="m", by="client:1")
    db.session.commit()
    assert (later.fee_minor, later.fee_order) == (3000, visit.fee_order)


def test_paid_twice_the_second_goes_back(visit, as_client, standin, run_worker):
    first = as_client.post(f"/account/visits/{visit.number}/fee")
    second = as_client.post(f"/account/visits/{visit.number}/fee")
    for answer in (first, second):
        as_client.get(standin.pay(answer.location))
        run_worker()
    for _ in range(3):
        run_worker()
    db.session.expire_all()
    assert back() == [("stripe", 3000)]
    assert visit.fee_order is not None
    assert as_client.post(f"/account/visits/{visit.number}/fee").location == f"/account/visits/{visit.number}"


def test_the_desk_takes_it_in_cash_once(visit, as_role, run_worker):
    desk, path = as_role("desk"), f"/admin/visits/{visit.number}"
    [form] = [form for form in forms(desk.get(path).text, here=path) if form.action.endswith("/fee")]
    assert desk.post(form.action, data=form.fields | {"tender": "nothing"}).status_code == 422
    assert desk.post(form.action, data=form.fields | {"tender": "cash"}).status_code == 303
    assert desk.post(form.action, data=form.fields | {"tender": "cash"}).status_code == 409
    run_worker()
    db.session.expire_all()
    assert visit.fee_order is not None
    assert code().amount_minor == 3000
    assert "£30.00 paid" in desk.get(path).text
    cancel(visit, by="client:1")
    db.session.commit()
    run_worker()
    assert back() == [("cash", 3000)]


def test_the_law_gives_it_back_before_the_consultation(visit, as_client, standin, run_worker):
    pay(as_client, standin, run_worker, visit)
    order = db.session.scalars(select(Order)).one()
    assert preview(order).refund_minor == 3000


def test_after_the_days_of_withdrawal_what_took_place_is_not_paid_back(visit, as_client, standin, run_worker, clock):
    pay(as_client, standin, run_worker, visit)
    clock.move_to(at("2026-03-10", 11))
    treat(visit, by="user:1")
    db.session.commit()
    run_worker()
    db.session.expire_all()
    order = db.session.scalars(select(Order)).one()
    clock.move_to(at("2026-03-20"))
    assert preview(order).refund_minor == 0
    clock.move_to(at("2026-03-10", 11))
    undo(visit, by="user:1")
    db.session.commit()
    run_worker()
    db.session.expire_all()
    clock.move_to(at("2026-03-20"))
    assert preview(order).refund_minor == 3000


def test_where_a_consultation_is_free_nothing_is_said_or_due(app, as_client):
    open_clinic()
    matter = matter_for("consultation", client_id=as_client.person.id)
    visit = book(matter, Choice(starts_at=at("2026-03-10")), cause="c", by="client:1")
    db.session.commit()
    assert "free of charge." in as_client.get("/account/visits/new").text
    assert "Pay" not in as_client.get(f"/account/visits/{visit.number}").text.replace("Payment", "")
    assert as_client.post(f"/account/visits/{visit.number}/fee").location == f"/account/visits/{visit.number}"
    assert db.session.scalars(select(Visit.fee_minor)).all() == [0]
    assert visit.starts_at - timedelta(0) == at("2026-03-10")
