"""What is not exactly what we asked for grants nothing and asks for a person."""

from datetime import timedelta

import pytest

from shop.checkout.settling import settle
from tests.checkout.settled import params_of
from tests.payments.wiring import an_attempt
from tests.support.journeys import fill_bag, go_to_pay
from tests.support.tills import (
    assert_clean,
    attempts,
    counters,
    entries,
    facts,
    forge,
    inbox,
    orders,
    page_id,
    the_order,
)

pytestmark = pytest.mark.usefixtures("at_noon")


def test_one_penny_less_grants_nothing_and_asks_for_a_person(guest, standin, worker, sweep_later):
    address = go_to_pay(guest)
    forge(standin, page_id(address), lambda page: page.update(amount_total=page["amount_total"] - 1))
    back = standin.pay(address)
    assert guest.get(back).status_code == 202
    worker()
    assert_nothing_granted("comes to")
    sweep_later()
    assert the_order().state == "lapsed"  # the goods do not wait for ever
    assert counters() == (5, 0, 0)
    assert_clean()


def test_another_currency_grants_nothing(guest, standin, worker):
    address = go_to_pay(guest)
    forge(standin, page_id(address), lambda page: page.update(currency="usd"))
    standin.pay(address)
    worker()
    assert_nothing_granted("USD")


def test_another_order_s_reference_grants_nothing(guest, standin, worker, app, sku):
    cheap = go_to_pay(guest)
    other = app.test_client()
    fill_bag(other, sku=sku, quantity=1)
    go_to_pay(other, email="other@example.com")
    dear = orders()[1]
    forge(standin, page_id(cheap), lambda page: page.update(client_reference_id=dear.number))
    standin.pay(cheap)
    worker()
    assert {order.state for order in orders()} == {"open"}
    assert "was begun for the order" in entries("payment")[0].reason


def test_the_mark_of_another_attempt_grants_nothing(guest, standin, worker, app, sku):
    cheap = go_to_pay(guest)
    other = app.test_client()
    fill_bag(other, sku=sku, quantity=1)
    go_to_pay(other, email="other@example.com")
    number = orders()[1].number
    metadata = {"order": number, "attempt": f"{number}-1"}
    forge(standin, page_id(cheap), lambda page: page.update(metadata=metadata))
    standin.pay(cheap)
    worker()
    assert {order.state for order in orders()} == {"open"}
    assert len(entries("payment")) == 1


def test_another_page_than_the_one_we_opened_grants_nothing(guest, standin, worker, app):
    go_to_pay(guest)
    again = app.extensions["gateway"].create_session(attempt=params_of(the_order()), idempotency_key="somebody-else")
    standin.pay(again.url)
    worker()
    assert_nothing_granted("not the one that was opened")


def test_a_live_payment_in_a_test_shop_grants_nothing(guest, standin):
    address = go_to_pay(guest)
    standin.desk.hold()
    standin.pay(address)
    forge(standin, page_id(address), lambda page: page.update(livemode=True))
    assert settle(page_id(address)) == "odd"
    assert_nothing_granted("another mode", attempt="open")


def test_a_cheap_paid_page_on_a_dear_order_s_way_back_pays_the_cheap_one_alone(guest, standin, app, sku):
    back = standin.pay(go_to_pay(guest))
    other = app.test_client()
    fill_bag(other, sku=sku, quantity=3)
    go_to_pay(other, email="other@example.com")
    answer = other.get(back)  # somebody else's address, pasted
    assert answer.status_code == 200
    assert orders()[0].number not in answer.text
    assert "guest@example.com" not in answer.text
    assert [order.state for order in orders()] == ["placed", "open"]
    assert other.get(f"/orders/{orders()[0].number}").status_code == 404


def test_an_unknown_page_is_not_asked_of_stripe(guest, standin, app):
    del app.extensions["gateway"]
    for session_id in ("", "cs_test_unknown", "x" * 5000, "cs_test_%27", "../../etc"):
        assert guest.get("/checkout/return", query_string={"session_id": session_id}).status_code == 404


def test_money_that_nobody_here_knows_waits_and_raises_an_alarm(standin, worker, app, clock):
    page = app.extensions["gateway"].create_session(attempt=an_attempt(), idempotency_key="not-ours")
    standin.pay(page.url)
    worker()
    assert [event.done_at for event in inbox()] == [None]
    assert entries() == []
    for _ in range(8):
        clock.shift(timedelta(hours=1))
        worker()
    assert [event.done_at for event in inbox()] == [None]
    assert [entry.kind for entry in entries()] == ["payment-event"]


def assert_nothing_granted(reason, *, attempt="odd"):
    assert the_order().state == "open"
    assert [each.state for each in attempts()] == [attempt]
    assert facts() == []
    assert counters()[1] == 0
    found = entries("payment")
    assert len(found) == 1
    assert reason in found[0].reason
    assert found[0].what_to_do
