"""Calling off late may cost a fee: said at booking, asked for by a link, paid like anything else, or waived by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.accounts.models import Client
from shop.checking import all_differences
from shop.checkout.late_fee import NAME
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.settings import change_setting
from shop.orders.models import Order, OrderLine
from shop.orders.prospects import preview
from shop.orders.withdrawing import withdraw
from shop.visits.cancelling import cancel, consequence_of, waive
from shop.visits.links import visit_token
from shop.visits.undoing import undo
from tests.support.forms import forms
from tests.visits.clinic import book_at, make_credit, open_clinic
from tests.visits.test_client_pages import follow, last_form
from tests.visits.test_consultation_fee import back

SAID = "After that a fee of £25.00 is due; we send you a link to pay it."


@pytest.fixture(autouse=True)
def _still(clock):
    """The clock stands still before anybody signs in."""


@pytest.fixture
def credit(app, as_client):
    series = open_clinic()
    change_setting("visits.late", "fee", by="user:1")
    change_setting("visits.late_fee_minor", 2500, by="user:1")
    mine = make_credit(as_client.person)
    mine.treatment_id, mine.gaps = series.treatment_id, series.gaps
    db.session.commit()
    return mine


@pytest.fixture
def owing(credit):
    visit = book_at(credit, "2026-03-03", 14)
    cancel(visit, by="client:1", seen="fee")
    db.session.commit()
    return visit


def settle(page, browser, standin, run_worker):
    browser.get(standin.pay(page))
    run_worker()
    db.session.expire_all()


def test_it_is_said_before_booking_and_in_the_letter(credit, as_client, mailbox):
    confirm = as_client.get(follow(as_client.get(f"/account/visits/new?what={credit.code}").text)).text
    assert SAID in confirm
    form = last_form(confirm, "/account/visits/new")
    assert as_client.post(form.action, data=form.fields | {"express": "y"}).status_code == 303
    assert SAID in mailbox.last(as_client.person.email).text


def test_what_was_said_at_booking_counts_whatever_the_terms_are_by_then(credit):
    visit = book_at(credit, "2026-03-03", 14)
    change_setting("visits.late_fee_minor", 9900, by="user:1")
    db.session.commit()
    assert consequence_of(visit).words == "A fee of £25.00 is due, because it is so close to the appointment."


def test_a_link_asks_for_it_and_needs_no_sign_in(owing, client, standin, run_worker, mailbox):
    letter = mailbox.last(db.session.get_one(Client, owing.client_id).email)
    assert "Pay £25.00" in letter.text
    path = f"/appointments/{visit_token(owing)}"
    assert "Pay £25.00 now" in client.get(path).text
    [form] = [form for form in forms(client.get(path).text, here=path) if form.action == f"{path}/fee"]
    settle(client.post(form.action, data=form.fields).location, client, standin, run_worker)
    order = db.session.scalars(select(Order)).one()
    assert [(line.name, line.statement_name) for line in db.session.scalars(select(OrderLine))] == [(NAME, NAME)]
    assert (order.state, order.total_minor, order.vat_minor, owing.owed_order) == ("placed", 2500, 417, order.number)
    assert "Pay £25.00" not in client.get(path).text
    assert all_differences() == []


def test_a_fee_is_no_purchase_that_could_be_withdrawn_from(owing, as_client, standin, run_worker):
    settle(as_client.post(f"/account/visits/{owing.number}/fee").location, as_client, standin, run_worker)
    order = db.session.scalars(select(Order)).one()
    assert preview(order).entries == []
    with pytest.raises(Refused):
        withdraw(order, by="client:1", cause="w")


def test_paid_twice_the_second_goes_back(owing, as_client, standin, run_worker):
    pages = [as_client.post(f"/account/visits/{owing.number}/fee").location for _ in range(2)]
    for page in pages:
        settle(page, as_client, standin, run_worker)
    for _ in range(3):
        run_worker()
    assert back() == [("stripe", 2500)]
    assert all_differences() == []


def test_the_desk_takes_it_in_cash(owing, as_role):
    desk, path = as_role("desk"), f"/admin/visits/{owing.number}"
    [form] = [form for form in forms(desk.get(path).text, here=path) if form.action.endswith("/fee")]
    assert desk.post(form.action, data=form.fields | {"tender": "cash"}).status_code == 303
    db.session.expire_all()
    assert owing.owed_order is not None
    assert "£25.00 paid" in desk.get(path).text
    assert desk.post(form.action, data=form.fields | {"tender": "cash"}).status_code == 422


def test_the_desk_sees_it_at_the_next_visit_and_may_waive_it_with_a_reason(owing, credit, as_role):
    desk = as_role("desk")
    later = book_at(credit, "2026-03-20")
    assert f"£25.00 are still due for {owing.number}" in desk.get(f"/admin/visits/{later.number}").text
    path = f"/admin/visits/{owing.number}/waived"
    assert desk.post(path, data={"reason": " "}).status_code == 422
    assert desk.post(path, data={"reason": "Snow"}).status_code == 303
    db.session.expire_all()
    assert owing.owed_minor == 0
    assert "still due" not in desk.get(f"/admin/visits/{later.number}").text
    assert desk.post(path, data={"reason": "Snow"}).status_code == 422


def test_waived_while_it_is_being_paid_it_goes_back(owing, as_client, standin, run_worker):
    page = as_client.post(f"/account/visits/{owing.number}/fee").location
    waive(owing, by="user:1", reason="Snow")
    db.session.commit()
    settle(page, as_client, standin, run_worker)
    for _ in range(3):
        run_worker()
    assert back() == [("stripe", 2500)]


def test_taken_back_at_the_desk_a_paid_fee_goes_back(owing, as_client, standin, run_worker):
    settle(as_client.post(f"/account/visits/{owing.number}/fee").location, as_client, standin, run_worker)
    undo(owing, by="user:1")
    db.session.commit()
    for _ in range(3):
        run_worker()
    db.session.expire_all()
    assert (owing.state, owing.owed_minor, back()) == ("booked", 0, [("stripe", 2500)])
    assert all_differences() == []


def test_not_paid_in_two_weeks_a_person_is_asked(owing, run_worker, clock):
    clock.shift(timedelta(days=15))
    run_worker()
    [entry] = db.session.scalars(select(AttentionEntry)).all()
    assert "£25.00" in entry.reason


def test_a_fee_that_was_paid_ahead_stands_for_it(app, as_client):
    open_clinic()
    for name, value in (("visits.late", "fee"), ("visits.late_fee_minor", 2500), ("visits.consultation_fee_minor", 3000)):
        change_setting(name, value, by="user:1")
    db.session.commit()
    confirm = as_client.get(follow(as_client.get("/account/visits/new?what=consultation").text)).text
    assert "After that the fee is kept." in confirm
