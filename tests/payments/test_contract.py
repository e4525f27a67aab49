"""The stand-in held against Stripe: the SDK's classes, Stripe's published samples, and a real sandbox if there is a key."""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import stripe

from shop.core import clock
from shop.payments.asking import LineParams
from shop.payments.errors import BadKey, IdempotencyMismatch, StripeRefused
from shop.payments.gateway import Gateway
from shop.payments.signatures import read_event
from tests.payments import wiring
from tests.payments.shapes import faults, fields_of
from tests.payments.wiring import SECRET, an_attempt, press

SANDBOX = os.environ.get("STRIPE_TEST_KEY", "")
DATA = os.environ.get("SHOP_TEST_DATA", "")
NO_SANDBOX = "NO STRIPE SANDBOX: set STRIPE_TEST_KEY to a test key to hold the stand-in against Stripe itself."
NO_DATA = "NO OUTSIDE FILES: set SHOP_TEST_DATA to hold the stand-in against Stripe's published samples."
CLASSES = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "dispute": stripe.Dispute,
    "radar.early_fraud_warning": stripe.radar.EarlyFraudWarning,
    "event": stripe.Event,
}
# Fields that Stripe's samples still show and that this version of its interface does not send unasked.
NOT_SENT = {"charge": {"refunds"}}


@pytest.fixture
def lived(standin, gateway, desk):
    """A stand-in in which everything happened that can happen."""
    ways = ("pay", "pay", "slow", "slow", "decline", "expire", "open")
    sessions = {}
    for number, way in enumerate(ways):
        attempt = an_attempt(attempt_id=str(number))
        session = gateway.create_session(attempt=attempt, idempotency_key=f"checkout:{number}")
        sessions[number] = session.id
        if way in ("pay", "slow", "decline"):
            press(standin, session, way)
    gateway.expire_session(sessions[5])
    desk.settle_slow(sessions[2], ok=True)
    desk.settle_slow(sessions[3], ok=False)
    first, second, third = (gateway.get_session(sessions[number]).payment_intent for number in (0, 1, 2))
    refund = gateway.create_refund(payment_intent=first, amount_minor=100, refund_id="1", idempotency_key="refund:1")
    gateway.create_refund(payment_intent=third, amount_minor=100, refund_id="2", idempotency_key="refund:2")
    desk.settle_refund(refund.id, ok=False)
    desk.refund_in_dashboard(first)
    desk.close_dispute(desk.open_dispute(second)["id"], won=True)
    desk.open_dispute(third)
    desk.warn(second)
    return desk


@pytest.mark.parametrize("kind", CLASSES)
def test_what_the_stand_in_sends_is_what_the_sdk_declares(lived, kind):
    sent = lived.all(kind)
    assert sent
    assert [fault for one in sent for fault in faults(one, CLASSES[kind], kind)] == []


def test_the_checker_of_shapes_finds_what_is_wrong():
    good = {"id": "re_1", "object": "refund", "amount": 1, "created": 1, "currency": "gbp", "metadata": {}}
    assert list(faults(good, stripe.Refund)) == []
    for wrong in ({"amount": "1"}, {"amount": True}, {"object": "charge"}, {"colour": 1}, {"metadata": 3}, {"charge": 3}):
        assert list(faults(good | wrong, stripe.Refund)), wrong
    assert list(faults({key: good[key] for key in good if key != "amount"}, stripe.Refund))
    assert "latest_charge" in fields_of(stripe.PaymentIntent)


def test_everything_that_an_event_carries_is_whole(lived):
    kinds = {event["data"]["object"]["object"] for event in lived.all("event")}
    assert kinds <= CLASSES.keys()
    for event in lived.all("event"):
        body = event["data"]["object"]
        assert list(faults(body, CLASSES[body["object"]], event["type"])) == []


# Stripe's published samples


@pytest.fixture
def samples():
    if not DATA:
        pytest.skip(NO_DATA)
    return Path(DATA) / "stripe"


@pytest.mark.parametrize("kind", CLASSES)
def test_the_stand_in_leaves_no_field_out_that_stripes_samples_have(lived, samples, kind):
    published = json.loads((samples / "fixtures3.json").read_text())["resources"][kind]
    sent = lived.all(kind)[-1]
    assert published.keys() - sent.keys() - NOT_SENT.get(kind, set()) == set()


def test_events_of_older_versions_are_let_in(samples):
    files = sorted((samples / "webhook_fixtures").glob("*.json"))
    assert len(files) > 80
    for file in files:
        event = json.loads(file.read_text())
        event |= {"id": "evt_1", "livemode": False, "created": int(clock.now().timestamp())}
        text = json.dumps(event)
        header = stripe.WebhookSignature.generate_signature_header(text, SECRET)
        read = read_event(text.encode(), header, [SECRET], livemode=False, now=clock.now())
        assert read.type == event["type"], file.name


# The same questions to the stand-in and to Stripe


@dataclass
class Side:
    """One of the two: how to ask it, and how to have something paid there without a person."""

    gateway: Gateway
    pay: object
    wrong_key: Gateway

    def __post_init__(self):
        self.mark = secrets.token_hex(6)

    def create(self, number=1, **changes):
        attempt = an_attempt(attempt_id=f"{self.mark}-{number}", order_number=f"CONTRACT-{self.mark}", **changes)
        return self.gateway.create_session(attempt=attempt, idempotency_key=f"checkout:{self.mark}-{number}")


@pytest.fixture(params=["stand-in", "sandbox"])
def side(request, tmp_path):
    if request.param == "sandbox":
        return sandbox()
    standin = wiring.make_standin(tmp_path)
    gateway = wiring.gateway_to(standin)

    def pay(amount_minor):
        attempt = an_attempt(lines=(LineParams("A", amount_minor),), delivery=None)
        session = gateway.create_session(attempt=attempt, idempotency_key=f"pay:{secrets.token_hex(6)}")
        press(standin, session, "pay")
        return gateway.get_session(session.id).payment_intent

    wrong = Gateway("sk_test_wrong", api_base=wiring.HOST, session=wiring.stripe_wire(standin), max_network_retries=0)
    return Side(gateway, pay, wrong)


def sandbox() -> Side:
    if not SANDBOX:
        pytest.skip(NO_SANDBOX)
    if not SANDBOX.startswith(("sk_test_", "rk_test_")) or SANDBOX.startswith("sk_test_standin_"):
        pytest.fail("STRIPE_TEST_KEY must be a test key of a Stripe sandbox, never a live one.")
    client = stripe.StripeClient(SANDBOX, max_network_retries=2)

    def pay(amount_minor):
        asked = {"amount": amount_minor, "currency": "gbp", "confirm": True, "payment_method": "pm_card_visa"}
        asked["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
        return client.v1.payment_intents.create(asked).id

    return Side(Gateway(SANDBOX), pay, Gateway("sk_test_wrong"))


def test_both_open_a_page_with_the_same_answers(side):
    session = side.create()
    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert (session.amount_total_minor, session.currency, session.livemode) == (65995, "GBP", False)
    assert session.metadata["order"] == session.reference == f"CONTRACT-{side.mark}"
    assert session.payment_intent is None
    assert session.url.startswith("http")
    assert side.gateway.get_session(session.id).expires_at == session.expires_at


def test_both_give_one_page_for_one_key(side):
    until = clock.now() + timedelta(minutes=45)
    first = side.create(expires_at=until)
    assert side.create(expires_at=until).id == first.id
    with pytest.raises(IdempotencyMismatch):
        side.create(expires_at=until + timedelta(minutes=1))


def test_both_close_a_page_once(side):
    session = side.create()
    closed = side.gateway.expire_session(session.id)
    assert (closed.status, closed.url) == ("expired", None)
    with pytest.raises(StripeRefused) as refused:
        side.gateway.expire_session(session.id)
    assert refused.value.http_status == 400


@pytest.mark.parametrize("minutes", [5, 25 * 60])
def test_both_refuse_an_hour_that_is_too_near_or_too_far(side, minutes):
    with pytest.raises(StripeRefused) as refused:
        side.create(expires_at=clock.now() + timedelta(minutes=minutes))
    assert (refused.value.param, refused.value.http_status) == ("expires_at", 400)


def test_both_say_in_the_same_way_that_nothing_is_there(side):
    with pytest.raises(StripeRefused) as refused:
        side.gateway.get_session("cs_test_a1NobodyHasEverSeenThisOne")
    assert refused.value.is_missing
    assert refused.value.http_status == 404


def test_both_know_a_wrong_key(side):
    with pytest.raises(BadKey):
        side.wrong_key.get_session("cs_test_abc")


def test_both_refund_in_parts_up_to_the_charge(side):
    intent = side.pay(1000)
    asked = {"payment_intent": intent, "amount_minor": 400, "refund_id": "1", "idempotency_key": f"refund:{side.mark}"}
    first = side.gateway.create_refund(**asked)
    assert (first.amount_minor, first.currency, first.refund_id) == (400, "GBP", "1")
    assert side.gateway.create_refund(**asked).id == first.id
    with pytest.raises(StripeRefused):
        side.gateway.create_refund(
            payment_intent=intent, amount_minor=601, refund_id="2", idempotency_key=f"refund:{side.mark}:2"
        )
    side.gateway.create_refund(
        payment_intent=intent, amount_minor=600, refund_id="3", idempotency_key=f"refund:{side.mark}:3"
    )
    with pytest.raises(StripeRefused) as nothing_left:
        side.gateway.create_refund(
            payment_intent=intent, amount_minor=1, refund_id="4", idempotency_key=f"refund:{side.mark}:4"
        )
    assert nothing_left.value.code == "charge_already_refunded"
    assert [refund.refund_id for refund in side.gateway.list_refunds(intent)] == ["1", "3"]


def test_both_list_what_happened(side):
    since = clock.now() - timedelta(minutes=2)
    intent = side.pay(1000)
    refund = side.gateway.create_refund(
        payment_intent=intent, amount_minor=400, refund_id="1", idempotency_key=f"refund:{side.mark}"
    )
    events = side.gateway.list_events(since, ["refund.created"])
    assert refund.id in {event.object_id for event in events}
    assert {event.type for event in events} == {"refund.created"}


def test_a_page_of_the_sandbox_has_the_fields_that_the_stand_ins_has(tmp_path):
    real = sandbox()
    standin = wiring.make_standin(tmp_path)
    ours = wiring.gateway_to(standin).create_session(attempt=an_attempt(), idempotency_key="checkout:7")
    client = stripe.StripeClient(SANDBOX)
    theirs = client.v1.checkout.sessions.retrieve(real.create().id).to_dict()
    (sent,) = [one for one in wiring.desk_of(standin).all("checkout.session") if one["id"] == ours.id]
    assert theirs.keys() - sent.keys() == set()
