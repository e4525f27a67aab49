"""The gateway: what it asks of Stripe, and what it answers."""

from dataclasses import replace

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from shop.payments import currencies
from shop.payments.asking import DeliveryParams, LineParams, session_params
from shop.payments.errors import IdempotencyMismatch, StripeRefused
from shop.payments.gateway import Gateway
from tests.payments.gateway_paid import paid
from tests.payments.wiring import HOST, KEY, an_attempt

# Sessions


def test_a_new_session_carries_the_order_and_what_it_costs(gateway):
    attempt = an_attempt()

    session = gateway.create_session(attempt=attempt, idempotency_key="checkout:7")

    assert (session.status, session.payment_status, session.is_paid) == ("open", "unpaid", False)
    assert (session.amount_total_minor, session.currency) == (attempt.total_minor, "GBP") == (65995, "GBP")
    assert session.reference == "AG-1001"
    assert session.metadata == {"order": "AG-1001", "attempt": "7"}
    assert session.expires_at == attempt.expires_at.replace(microsecond=0)
    assert session.payment_intent is None
    assert session.livemode is False
    assert session.url.startswith(f"{HOST}/c/pay/{session.id}")


def test_a_paid_session_shows_its_intent_and_charge(gateway, standin):
    session = paid(gateway, standin)

    assert (session.status, session.payment_status, session.is_paid) == ("complete", "paid", True)
    assert session.intent_status == "succeeded"
    assert session.amount_received_minor == session.charge.amount_minor == 65995
    assert (session.charge.method, session.charge.is_disputed) == ("card", False)


def test_the_payment_intent_carries_the_same_references(gateway, standin, desk):
    paid(gateway, standin)

    (intent,) = desk.all("payment_intent")
    assert intent["metadata"] == {"order": "AG-1001", "attempt": "7"}
    assert intent["shipping"]["address"]["postal_code"] == "LS1 1AA"


def test_the_same_key_gives_the_same_session(gateway, desk):
    attempt = an_attempt()

    first = gateway.create_session(attempt=attempt, idempotency_key="checkout:7")

    assert gateway.create_session(attempt=attempt, idempotency_key="checkout:7") == first
    assert len(desk.all("checkout.session")) == 1


def test_one_key_for_two_requests_is_a_bug_and_says_so(gateway):
    gateway.create_session(attempt=an_attempt(), idempotency_key="checkout:7")

    with pytest.raises(IdempotencyMismatch):
        gateway.create_session(attempt=an_attempt(order_number="AG-1002"), idempotency_key="checkout:7")


def test_an_open_session_can_be_expired_once(gateway):
    session = gateway.create_session(attempt=an_attempt(), idempotency_key="checkout:7")

    assert gateway.expire_session(session.id).status == "expired"
    with pytest.raises(StripeRefused):
        gateway.expire_session(session.id)


def test_a_paid_session_cannot_be_expired(gateway, standin):
    session = paid(gateway, standin)

    with pytest.raises(StripeRefused):
        gateway.expire_session(session.id)
    assert gateway.get_session(session.id).is_paid


@pytest.mark.parametrize(
    "id", ["", "cs_live", "cs_test_../refunds", "cs_test_é", "pi_123", "cs_test_a b", "cs_test_" + "a" * 300]
)
def test_a_pasted_number_that_cannot_exist_is_not_asked_for(id):
    gateway = Gateway(KEY, api_base=HOST, session=requests.Session())

    with pytest.raises(StripeRefused) as refused:
        gateway.get_session(id)
    assert refused.value.is_missing


def test_an_unknown_session_is_missing(gateway):
    with pytest.raises(StripeRefused) as refused:
        gateway.get_session("cs_test_nobodyknowsthisone")
    assert refused.value.is_missing


# What is sent


def test_a_session_is_asked_for_as_the_rules_say():
    params = session_params(an_attempt())

    assert params["mode"] == "payment"
    assert "ui_mode" not in params
    assert params["adaptive_pricing"] == {"enabled": False}
    assert params["allow_promotion_codes"] is False
    assert params["success_url"] == "https://shop.example/checkout/return?session_id={CHECKOUT_SESSION_ID}"
    assert [line["quantity"] for line in params["line_items"]] == [1, 1]
    assert [line["price_data"]["unit_amount"] for line in params["line_items"]] == [61200, 4400]
    assert len(params["shipping_options"]) == 1
    assert params["payment_intent_data"]["metadata"] == params["metadata"]


def test_a_retry_sends_exactly_the_same():
    attempt = an_attempt()
    assert session_params(attempt) == session_params(replace(attempt))


def test_nothing_is_sent_that_the_attempt_does_not_name():
    params = session_params(an_attempt(delivery=None, recipient=None, email=None))
    assert not {"shipping_options", "customer_email", "locale"} & set(params)
    assert set(params["payment_intent_data"]) == {"metadata"}


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": ()},
        {"lines": tuple(LineParams("A", 100) for _ in range(101))},
        {"lines": (LineParams("A", -1), LineParams("B", 100))},
        {"lines": (LineParams("A", 29),), "delivery": None},
        {"lines": (LineParams("A", 100_000_000),), "delivery": None},
        {"delivery": DeliveryParams("Post", -5)},
    ],
)
def test_what_stripe_would_never_charge_is_refused_before_the_call(changes):
    with pytest.raises(StripeRefused):
        session_params(an_attempt(**changes))


@pytest.mark.parametrize("changes", [{"order_number": "AG 1"}, {"attempt_id": ""}, {"lines": (LineParams(" ", 100),)}])
def test_a_programming_mistake_is_no_refusal(changes):
    with pytest.raises(ValueError):
        session_params(an_attempt(**changes))


@given(st.lists(st.integers(0, 500_000), min_size=1, max_size=100), st.integers(30, 5000))
def test_the_total_is_the_sum_of_what_is_sent(amounts, delivery):
    attempt = an_attempt(
        lines=tuple(LineParams("A", minor) for minor in amounts), delivery=DeliveryParams("Post", delivery)
    )

    params = session_params(attempt)

    sent = sum(line["price_data"]["unit_amount"] for line in params["line_items"])
    sent += params["shipping_options"][0]["shipping_rate_data"]["fixed_amount"]["amount"]
    assert sent == attempt.total_minor


@given(st.text(min_size=1, max_size=600).filter(str.strip))
def test_any_line_name_fits(name):
    sent = session_params(an_attempt(lines=(LineParams(name, 100),)))["line_items"][0]["price_data"]["product_data"]["name"]
    assert 1 <= len(sent) <= 250


# Currencies


def test_yen_are_charged_whole(gateway):
    attempt = an_attempt(currency="JPY", lines=(LineParams("A", 5000),), delivery=None)
    session = gateway.create_session(attempt=attempt, idempotency_key="checkout:8")
    assert (session.amount_total_minor, session.currency) == (5000, "JPY")


def test_dinars_are_charged_when_their_last_figure_is_zero(gateway):
    exact = an_attempt(currency="KWD", lines=(LineParams("A", 12340),), delivery=None)
    assert gateway.create_session(attempt=exact, idempotency_key="checkout:8").amount_total_minor == 12340
    with pytest.raises(StripeRefused):
        gateway.create_session(attempt=replace(exact, lines=(LineParams("A", 12345),)), idempotency_key="checkout:9")


@pytest.mark.parametrize("currency", ["ISK", "UGX", "MGA", "IQD", "XX", "gbp"])
def test_a_currency_that_stripe_counts_otherwise_is_refused(currency):
    with pytest.raises(StripeRefused):
        currencies.check_currency(currency)


@pytest.mark.parametrize(("currency", "least"), [("GBP", 30), ("EUR", 50), ("JPY", 50), ("HUF", 17500)])
def test_the_smallest_payment_is_charged_and_less_is_explained(currency, least):
    currencies.check_charge(least, currency)
    with pytest.raises(StripeRefused, match="smallest"):
        currencies.check_charge(least - 1, currency)
