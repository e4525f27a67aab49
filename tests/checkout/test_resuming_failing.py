"""Opening a payment page fails: answers are lost, Stripe is away, the key is wrong."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from shop.core.db import db
from shop.payments.errors import IdempotencyMismatch
from shop.payments.models import PaymentAttempt
from tests.checkout.pages_open import open_pages, send
from tests.payments.wiring import gateway_to
from tests.support.factories import make_product
from tests.support.journeys import checkout_form, come_back, fill_bag, go_to_pay
from tests.support.tills import (
    assert_clean,
    attempts,
    counters,
    entries,
    facts,
    orders,
    page_id,
    pages,
    sku_of,
    the_order,
)

pytestmark = pytest.mark.usefixtures("at_noon")


def test_a_lost_answer_is_asked_for_again_under_the_same_key(guest, standin):
    form = checkout_form(guest)
    standin.desk.fail_next("timeout")
    answer = send(guest, form)
    assert answer.status_code == 503
    assert "not answering" in answer.text
    assert (the_order().state, counters()) == ("open", (5, 0, 2))
    address = send(guest, form).headers["Location"]
    assert len(pages(standin)) == 1
    come_back(guest, standin.pay(address))
    assert the_order().state == "placed"
    assert_clean()


def test_a_lost_answer_and_a_changed_bag_leave_one_open_page(guest, standin, sku):
    standin.desk.fail_next("timeout")
    send(guest, checkout_form(guest))
    fill_bag(guest, sku=sku, quantity=1)
    address = go_to_pay(guest)
    assert open_pages(standin) == [page_id(address)]
    assert [order.state for order in orders()] == ["lapsed", "open"]
    assert counters() == (5, 0, 3)


@pytest.mark.parametrize("fault", ["reset", "503", "409", "429", "timeout"])
def test_a_client_nobody_sees_again_frees_the_stock(guest, standin, fault, sweep_later):
    standin.desk.fail_next(fault)
    assert send(guest, checkout_form(guest)).status_code == 503
    standin.desk.expire_due()
    sweep_later(hours=1)
    standin.desk.expire_due()
    assert the_order().state == "lapsed"
    assert counters() == (5, 0, 0)
    assert open_pages(standin) == []
    assert_clean()


@pytest.mark.parametrize("fault", ["reset", "503", "409", "429"])
def test_another_try_after_a_short_outage_goes_on(guest, standin, fault):
    form = checkout_form(guest)
    standin.desk.fail_next(fault, times=3)
    assert [send(guest, form).status_code for _ in range(3)] == [503] * 3
    address = send(guest, form).headers["Location"]
    come_back(guest, standin.pay(address))
    assert the_order().state == "placed"
    assert_clean()


def test_another_try_after_a_long_outage_gets_a_page_with_a_new_last_hour(guest, standin, clock):
    """Stripe opens no page that would close in less than half an hour: the stored intent is too old to be asked again."""
    form = checkout_form(guest)
    standin.desk.fail_next("reset")
    assert send(guest, form).status_code == 503
    clock.shift(timedelta(minutes=10))
    come_back(guest, standin.pay(send(guest, form).headers["Location"]))
    assert [order.state for order in orders()] == ["lapsed", "placed"]
    assert [attempt.state for attempt in attempts()] == ["failed", "paid"]
    assert counters() == (5, 2, 0)
    assert_clean()


def test_an_error_that_stripe_replays_for_ever_is_left_behind(guest, standin):
    form = checkout_form(guest)
    standin.desk.fail_next("500")
    assert send(guest, form).status_code == 503
    come_back(guest, standin.pay(send(guest, form).headers["Location"]))
    assert [order.state for order in orders()] == ["lapsed", "placed"]
    assert counters() == (5, 2, 0)
    assert_clean()


def test_the_sdk_s_own_retries_ask_under_one_key(guest, standin, app):
    app.extensions["gateway"] = gateway_to(standin.app, max_network_retries=2)
    standin.desk.fail_next("409", times=2)
    address = go_to_pay(guest)
    assert open_pages(standin) == [page_id(address)]


def test_other_words_under_a_known_key_are_a_bug_and_look_like_one(guest, standin, sweep_later):
    form = checkout_form(guest)
    standin.desk.fail_next("timeout")
    send(guest, form)
    asked = attempts()[0].asked | {"email": "somebody@example.com"}
    db.session.execute(update(PaymentAttempt).values(asked=asked))
    db.session.commit()
    assert send(guest, form).status_code == 500
    assert the_order().state == "open"
    sweep_later(minutes=20)
    assert facts() == []


def test_a_bug_in_one_attempt_is_shown_to_a_person_and_keeps_no_other_waiting(app, guest, standin, clock, monkeypatch):
    from shop.checkout import sweeping

    address = go_to_pay(guest)
    other = app.test_client()
    fill_bag(other, sku=sku_of(make_product(stock=2)), quantity=1)
    go_to_pay(other, email="other@example.com")
    first = orders()[0].number
    whole = sweeping.close

    def close(number, session_id):
        if number == first:
            raise IdempotencyMismatch("on purpose")
        return whole(number, session_id)

    monkeypatch.setattr(sweeping, "close", close)
    clock.shift(timedelta(hours=1))
    sweeping.sweep()
    assert [order.state for order in orders()] == ["open", "lapsed"]
    assert [entry.subject for entry in entries("payment")] == [first]
    assert page_id(address)


def test_a_wrong_key_is_said_kindly_and_told_to_a_person_once(guest, standin, app, monkeypatch):
    monkeypatch.setattr("tests.payments.wiring.KEY", "sk_test_somebody_elses")
    app.extensions["gateway"] = gateway_to(standin.app)
    form = checkout_form(guest)
    for _ in range(2):
        answer = send(guest, form)
        assert answer.status_code == 503
        assert "Nothing was charged" in answer.text
    assert [entry.kind for entry in entries()] == ["payment"]
    assert "STRIPE_API_KEY" in entries()[0].what_to_do
    assert "sk_test" not in answer.text + entries()[0].reason


def test_a_key_without_the_right_to_open_pages_is_told_to_a_person_and_the_next_try_goes_on(guest, standin):
    form = checkout_form(guest)
    standin.desk.fail_next("403")
    assert send(guest, form).status_code == 503
    assert [entry.kind for entry in entries()] == ["payment"]
    assert "STRIPE_API_KEY" in entries()[0].what_to_do
    again = send(guest, form)
    assert again.status_code == 303, again.text[:500]
    assert come_back(guest, standin.pay(again.headers["Location"])).status_code == 200
    assert len(orders()) == 1


def test_a_wrong_key_on_the_way_back_is_waiting_not_an_error(guest, standin, app, monkeypatch, worker):
    standin.desk.hold()
    back = standin.pay(go_to_pay(guest))
    good = app.extensions["gateway"]
    monkeypatch.setattr("tests.payments.wiring.KEY", "sk_test_somebody_elses")
    app.extensions["gateway"] = gateway_to(standin.app)
    assert guest.get(back).status_code == 202
    standin.desk.release()
    worker()
    assert len(entries()) == 1
    app.extensions["gateway"] = good
    assert come_back(guest, back).status_code == 200
