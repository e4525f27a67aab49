"""Events of the stand-in are whole and signed; they come again, late, doubled or not at all."""

import threading
from datetime import UTC, datetime, timedelta

import requests
import stripe

from shop.core import clock as shop_clock
from shop.payments.signatures import read_event
from tests.payments import wiring
from tests.payments.wiring import HOST, SECRET, an_attempt, press

# Webhooks


def test_every_event_is_whole_signed_and_of_this_version(open_page, standin, letterbox):
    press(standin, open_page(), "pay")
    (body, headers), *_ = letterbox.letters
    event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET)
    assert (event.api_version, event.livemode, event.data.object.object) == (stripe.api_version, False, "checkout.session")
    assert event.request.idempotency_key is None


def test_an_event_names_the_request_that_caused_it(gateway, paid, letterbox):
    intent = paid(letterbox).payment_intent
    gateway.create_refund(payment_intent=intent, amount_minor=5, refund_id="9", idempotency_key="refund:9")
    (event,) = letterbox.events()
    assert event.raw["request"]["idempotency_key"] == "refund:9"


def test_what_the_shop_does_not_take_comes_again_later(open_page, standin, desk, letterbox, clock):
    letterbox.answer = 500
    press(standin, open_page(), "pay")
    assert desk.send_due() == 0
    letterbox.answer = 200
    clock.shift(timedelta(seconds=2))

    assert desk.send_due() == 1

    first, second = letterbox.letters
    assert first[0] == second[0]
    assert first[1]["Stripe-Signature"] != second[1]["Stripe-Signature"]
    clock.shift(timedelta(days=1))
    assert desk.send_due() == 0


def test_the_stand_in_gives_up_in_the_end(open_page, standin, desk, letterbox, clock):
    letterbox.answer = 0
    press(standin, open_page(), "pay")
    for _ in range(40):
        clock.shift(timedelta(hours=1))
        desk.send_due()
    assert len(letterbox.letters) == 13


def test_events_can_be_held_and_let_go_in_reverse(paid, desk, letterbox):
    session = paid(letterbox)
    desk.hold()
    desk.open_dispute(session.payment_intent)
    assert letterbox.letters == []

    assert desk.release(order="reversed") == 2

    assert letterbox.types() == ["charge.dispute.funds_withdrawn", "charge.dispute.created"]


def test_events_can_be_doubled_dropped_and_late(open_page, standin, desk, letterbox, clock):
    desk.send_copies(3)
    press(standin, open_page(1), "pay")
    assert len({event.id for event in letterbox.events()}) == 1
    assert len(letterbox.letters) == 3

    desk.send_copies(1)
    desk.drop_next()
    press(standin, open_page(2), "pay")
    assert len(letterbox.letters) == 3

    desk.delay(60)
    press(standin, open_page(3), "pay")
    assert len(letterbox.letters) == 3
    clock.shift(timedelta(seconds=61))
    assert desk.send_due() == 1


def test_a_dropped_event_can_still_be_listed(open_page, standin, desk, gateway, letterbox):
    desk.drop_next()
    press(standin, open_page(), "pay")
    assert letterbox.letters == []
    (event,) = gateway.list_events(shop_clock.now() - timedelta(minutes=5), ["checkout.session.completed"])
    assert desk.send_again(event.id) == 1
    assert letterbox.events()[0].id == event.id


def test_the_webhook_comes_after_the_answer(tmp_path):
    seen = []
    standin = wiring.make_standin(tmp_path, deliver=lambda body, headers: seen.append(gateway.get_session(made.id)) or 200)
    gateway = wiring.gateway_to(standin)
    made = gateway.create_session(attempt=an_attempt(), idempotency_key="checkout:7")

    press(standin, made, "pay")

    assert [session.payment_status for session in seen] == ["paid"]


def test_without_a_carrier_of_its_own_events_go_out_by_a_thread(tmp_path, monkeypatch):
    came = threading.Event()
    letters = []

    def post(self, url, *, data, headers, **_):
        letters.append((url, data, headers))
        came.set()
        answer = requests.Response()
        answer.status_code = 200
        return answer

    monkeypatch.setattr(requests.Session, "post", post)
    from shop.payments.standin import create_standin

    standin = create_standin(
        tmp_path / "s.db", webhook_url="http://shop.test/stripe/webhook", webhook_secret=SECRET, public_url=HOST
    )
    session = wiring.gateway_to(standin).create_session(attempt=an_attempt(), idempotency_key="checkout:7")
    press(standin, session, "pay")

    assert came.wait(10)
    standin.config["POSTMAN"].stop()
    url, body, headers = letters[0]
    assert url == "http://shop.test/stripe/webhook"
    event = read_event(body, headers["Stripe-Signature"], [SECRET], livemode=False, now=datetime.now(UTC))
    assert event.object_id == session.id


def test_two_stand_ins_share_one_file(tmp_path, letterbox):
    one, two = wiring.make_standin(tmp_path), wiring.make_standin(tmp_path, deliver=letterbox)
    session = wiring.gateway_to(one).create_session(attempt=an_attempt(), idempotency_key="checkout:7")
    press(two, session, "pay")
    assert wiring.gateway_to(one).get_session(session.id).is_paid
    assert letterbox.types() == ["checkout.session.completed"]
