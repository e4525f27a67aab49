"""The stand-in behaves as Stripe does: its pages open, are paid, declined and close."""

import threading
from datetime import timedelta

import pytest

from shop.payments.standin.envelope import ApiError
from tests.payments.wiring import press

# Paying


def test_paying_completes_the_page_and_says_so_once(open_page, standin, gateway, letterbox):
    session = open_page()

    answer = press(standin, session, "pay")

    assert answer.status_code == 303
    assert answer.location == f"https://shop.example/checkout/return?session_id={session.id}"
    (event,) = letterbox.events()
    assert (event.type, event.object_id) == ("checkout.session.completed", session.id)
    assert (event.object["payment_status"], event.object["client_reference_id"]) == ("paid", "AG-1001")


def test_a_declined_card_leaves_the_page_open_for_another_try(open_page, standin, gateway, letterbox):
    session = open_page()

    answer = press(standin, session, "decline")

    assert answer.location == f"/c/pay/{session.id}"
    assert letterbox.types() == []
    declined = gateway.get_session(session.id)
    assert (declined.status, declined.payment_status, declined.charge.status) == ("open", "unpaid", "failed")
    press(standin, session, "pay")
    assert gateway.get_session(session.id).is_paid
    assert gateway.get_session(session.id).payment_intent == declined.payment_intent


@pytest.mark.parametrize(
    ("ok", "event", "payment_status", "intent_status"),
    [
        (True, "checkout.session.async_payment_succeeded", "paid", "succeeded"),
        (False, "checkout.session.async_payment_failed", "unpaid", "requires_payment_method"),
    ],
)
def test_a_slow_bank_answers_later(open_page, standin, gateway, desk, letterbox, ok, event, payment_status, intent_status):
    session = open_page()
    press(standin, session, "slow")
    waiting = gateway.get_session(session.id)
    assert (waiting.status, waiting.payment_status, waiting.intent_status) == ("complete", "unpaid", "processing")
    assert not waiting.is_paid

    desk.settle_slow(session.id, ok=ok)

    settled = gateway.get_session(session.id)
    assert (settled.payment_status, settled.intent_status) == (payment_status, intent_status)
    assert letterbox.types() == ["checkout.session.completed", event]
    assert letterbox.events()[0].object["payment_status"] == "unpaid"
    with pytest.raises(ApiError):
        desk.settle_slow(session.id, ok=True)


@pytest.mark.parametrize("action", ["pay", "decline", "slow"])
def test_a_closed_page_takes_no_payment(open_page, standin, gateway, desk, letterbox, action):
    session = open_page()
    gateway.expire_session(session.id)
    letterbox.letters.clear()

    assert press(standin, session, action).status_code == 303

    assert desk.all("charge") == []
    assert letterbox.letters == []


def test_a_double_click_pays_once(open_page, standin, desk):
    session = open_page()
    press(standin, session, "pay")
    press(standin, session, "pay")
    assert len(desk.all("charge")) == 1


def test_two_people_on_one_page_at_once_pay_once(open_page, standin, desk):
    session = open_page()
    start = threading.Barrier(4)

    def pay():
        start.wait(10)
        press(standin, session, "pay")

    threads = [threading.Thread(target=pay) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert [charge["status"] for charge in desk.all("charge")] == ["succeeded"]


def test_a_page_closes_when_its_hour_has_come(open_page, gateway, desk, letterbox, clock):
    session = open_page()
    clock.shift(timedelta(minutes=46))

    assert desk.expire_due() == 1

    assert gateway.get_session(session.id).status == "expired"
    assert letterbox.types() == ["checkout.session.expired"]
    assert desk.expire_due() == 0


def test_looking_at_a_page_after_its_hour_closes_it_too(open_page, gateway, clock):
    session = open_page()
    clock.shift(timedelta(minutes=46))
    assert (gateway.get_session(session.id).status, gateway.get_session(session.id).url) == ("expired", None)
