"""How the gateway fails: Stripe down, refusing, or the key wrong."""

from datetime import timedelta

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from shop.core import clock
from shop.payments.errors import BadKey, StripeDown, StripeRefused, without_secrets
from shop.payments.gateway import Gateway
from tests.payments import wiring
from tests.payments.gateway_paid import paid
from tests.payments.wiring import HOST, an_attempt


@pytest.fixture
def no_pauses(monkeypatch):
    """The SDK waits half a second and more before it tries again."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)


# Failing


@pytest.mark.parametrize("kind", ["timeout", "reset", "500", "503", "409", "429"])
def test_no_usable_answer_means_stripe_is_down(gateway, desk, kind):
    desk.fail_next(kind)
    with pytest.raises(StripeDown):
        gateway.create_session(attempt=an_attempt(), idempotency_key="checkout:7")


@pytest.mark.parametrize(("kind", "made"), [("timeout", 1), ("reset", 0), ("503", 0), ("409", 0), ("429", 0)])
def test_after_a_lost_answer_the_same_key_finds_the_one_session(gateway, desk, kind, made):
    attempt = an_attempt()
    desk.fail_next(kind)
    with pytest.raises(StripeDown):
        gateway.create_session(attempt=attempt, idempotency_key="checkout:7")
    assert len(desk.all("checkout.session")) == made

    session = gateway.create_session(attempt=attempt, idempotency_key="checkout:7")

    assert [one["id"] for one in desk.all("checkout.session")] == [session.id]


def test_a_lost_answer_to_a_refund_does_not_refund_twice(gateway, standin, desk):
    intent = paid(gateway, standin).payment_intent
    asked = {"payment_intent": intent, "amount_minor": 500, "refund_id": "1", "idempotency_key": "refund:1"}
    desk.fail_next("timeout")
    with pytest.raises(StripeDown):
        gateway.create_refund(**asked)

    assert gateway.create_refund(**asked) == gateway.list_refunds(intent)[0]
    assert len(gateway.list_refunds(intent)) == 1


def test_stripe_repeats_its_own_error_under_the_same_key(gateway, desk):
    attempt = an_attempt()
    desk.fail_next("500")
    with pytest.raises(StripeDown) as first:
        gateway.create_session(attempt=attempt, idempotency_key="checkout:7")
    with pytest.raises(StripeDown) as second:
        gateway.create_session(attempt=attempt, idempotency_key="checkout:7")

    assert (first.value.replayed, second.value.replayed) == (False, True)
    assert gateway.create_session(attempt=attempt, idempotency_key="checkout:7:2").is_open


@pytest.mark.parametrize("kind", ["timeout", "reset", "503", "409"])
def test_what_passes_by_itself_is_tried_again_under_one_key(standin, desk, no_pauses, kind):
    gateway = wiring.gateway_to(standin, max_network_retries=2)
    desk.fail_next(kind, times=2)

    session = gateway.create_session(attempt=an_attempt(), idempotency_key="checkout:7")

    assert [one["id"] for one in desk.all("checkout.session")] == [session.id]


def test_a_limit_on_calls_is_not_answered_with_more_calls(standin, desk, no_pauses):
    gateway = wiring.gateway_to(standin, max_network_retries=2)
    desk.fail_next("429", times=2)
    for _ in range(2):
        with pytest.raises(StripeDown):
            gateway.create_session(attempt=an_attempt(), idempotency_key="checkout:7")
    assert gateway.create_session(attempt=an_attempt(), idempotency_key="checkout:8").is_open


def test_a_refusal_names_code_and_parameter_but_shows_people_a_plain_sentence(gateway):
    with pytest.raises(StripeRefused) as refused:
        gateway.create_session(
            attempt=an_attempt(expires_at=clock.now() + timedelta(minutes=5)), idempotency_key="checkout:7"
        )
    assert (refused.value.param, refused.value.http_status) == ("expires_at", 400)
    assert "expires_at" in refused.value.detail
    assert "expires_at" not in refused.value.sentence
    assert refused.value.request_id.startswith("req_")


def test_a_wrong_key_is_no_refusal_of_the_order(standin):
    gateway = Gateway("sk_test_of_another_shop", api_base=HOST, session=wiring.stripe_wire(standin), max_network_retries=0)
    with pytest.raises(BadKey) as bad:
        gateway.get_session("cs_test_abc")
    assert "another_shop" not in f"{bad.value} {bad.value.detail}"


def test_a_key_without_the_right_is_no_refusal_of_the_order(gateway, desk):
    desk.fail_next("403")
    with pytest.raises(BadKey):
        gateway.create_session(attempt=an_attempt(), idempotency_key="checkout:7")


@pytest.mark.parametrize("key", ["", " ", "sk_test_standin_x ", "sk_test_standin_x\n", "pk_test_x", "whsec_x", "sk_test_"])
def test_a_key_that_cannot_work_is_refused_when_the_gateway_is_made(key):
    with pytest.raises(BadKey):
        Gateway(key)


@pytest.mark.parametrize(("key", "live"), [("sk_test_standin_x", False), ("rk_test_x", False), ("rk_" + "live_x", True)])
def test_the_key_tells_whether_money_is_real(key, live):
    assert Gateway(key).is_live is live


@given(st.sampled_from(["sk_live_", "rk_live_", "sk_test_", "whsec_", "Bearer "]), st.text("abcXYZ0189*_", min_size=1))
def test_no_key_survives_in_a_message(prefix, rest):
    assert prefix + rest not in without_secrets(f"Invalid key provided: {prefix}{rest}, sorry")


def test_no_key_survives_in_what_is_logged_of_a_problem():
    assert StripeRefused(detail="Invalid API Key provided: sk_test_abc").detail == "Invalid API Key provided: [key]"
