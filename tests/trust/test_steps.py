"""No step of buying can be left out: an address that ends a purchase ends nothing that was not paid."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from shop.core.db import db
from shop.orders.models import Order
from shop.payments.models import PaymentEvent
from shop.wallet.models import Credit
from tests.support.factories import make_package, make_treatment
from tests.support.journeys import checkout_form, come_back, fill_bag, go_to_pay
from tests.support.tills import counters, page_id


@pytest.fixture
def guest(client):
    fill_bag(client, package=make_package(make_treatment()).slug)
    return client


def granted():
    """(orders placed, money that came in, sessions that somebody owns)"""
    db.session.rollback()
    placed = db.session.scalar(select(func.count()).select_from(Order).where(Order.state == "placed"))
    came, sessions = func.coalesce(func.sum(PaymentEvent.amount_minor), 0), func.coalesce(func.sum(Credit.granted), 0)
    return placed, db.session.scalar(select(came)), db.session.scalar(select(sessions))


def test_coming_back_without_having_paid_places_nothing(guest, standin):
    page = page_id(go_to_pay(guest))
    for _ in range(3):
        assert guest.get(f"/checkout/return?session_id={page}").status_code in (200, 202, 303)
    number = db.session.scalars(select(Order.number)).one()
    assert "hank you" not in guest.get(f"/orders/{number}", follow_redirects=True).text.split("<main")[1][:2000]
    assert granted() == (0, 0, 0)


@pytest.mark.parametrize("session_id", ["", "cs_test_guess", "cs_live_guess", "../orders", "1", "cs_test_" + "a" * 500])
def test_a_guessed_end_of_a_purchase_is_no_purchase(guest, standin, session_id):
    assert guest.get("/checkout/return", query_string={"session_id": session_id}).status_code in (400, 404)
    assert granted() == (0, 0, 0)


def test_another_guests_unpaid_page_opens_nothing(guest, standin, app):
    page = page_id(go_to_pay(guest))
    stranger = app.test_client()
    answer = stranger.get(f"/checkout/return?session_id={page}")
    assert answer.status_code in (202, 303, 404)
    assert "guest@example.com" not in answer.text
    assert granted() == (0, 0, 0)


def test_a_checkout_without_a_bag_leads_back_to_the_bag(client, standin):
    assert client.get("/checkout").headers.get("Location", "").endswith("/bag")
    answer = client.post("/checkout", data={"email": "a@example.com", "terms": "y", "adult": "y"})
    assert answer.status_code in (303, 409, 422)
    assert "stripe" not in answer.headers.get("Location", "")
    assert db.session.scalar(select(func.count()).select_from(Order)) == 0


def test_what_a_guest_may_do_with_an_unpaid_order_is_nothing(guest, standin):
    form = checkout_form(guest)
    guest.post("/checkout", data=form.fields)
    number = db.session.scalars(select(Order.number)).one()
    for act in ("withdraw", "accept"):
        assert guest.post(f"/orders/{number}/{act}", data={"adult": "y", "what": "all"}).status_code in (303, 404, 409, 422)
    assert guest.get(f"/orders/{number}/invoice").status_code in (303, 404)
    assert granted() == (0, 0, 0)


def test_paying_is_what_places_it(guest, standin):
    thanks = come_back(guest, standin.pay(go_to_pay(guest)))
    assert thanks.status_code == 200
    assert granted() == (1, 54000, 6)
    assert counters() == (0, 0, 0)
