"""The gateway: what it asks, what it answers, and how it fails."""

import threading
import time
from dataclasses import fields, replace
from datetime import timedelta

import pytest
import requests
import stripe
from hypothesis import given
from hypothesis import strategies as st
from requests.adapters import BaseAdapter

from shop.core import clock
from shop.payments import asking, currencies
from shop.payments.asking import DeliveryParams, LineParams, session_params
from shop.payments.errors import BadKey, IdempotencyMismatch, StripeDown, StripeRefused, without_secrets
from shop.payments.gateway import Gateway
from tests.payments import wiring
from tests.payments.wiring import HOST, KEY, an_attempt, press


@pytest.fixture
def no_pauses(monkeypatch):
    """The SDK waits half a second and more before it tries again."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)


def paid(gateway, standin, **changes):
    session = gateway.create_session(attempt=an_attempt(**changes), idempotency_key="checkout:7")
    press(standin, session, "pay")
    return gateway.get_session(session.id)


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


# Refunds


def test_refunds_go_back_in_parts_and_never_above_the_charge(gateway, standin):
    intent = paid(gateway, standin).payment_intent

    first = gateway.create_refund(payment_intent=intent, amount_minor=10000, refund_id="1", idempotency_key="refund:1")
    gateway.create_refund(payment_intent=intent, amount_minor=55995, refund_id="2", idempotency_key="refund:2")

    assert (first.status, first.amount_minor, first.currency, first.refund_id) == ("succeeded", 10000, "GBP", "1")
    with pytest.raises(StripeRefused):
        gateway.create_refund(payment_intent=intent, amount_minor=1, refund_id="3", idempotency_key="refund:3")
    assert [refund.refund_id for refund in gateway.list_refunds(intent)] == ["1", "2"]
    assert gateway.get_refund(first.id) == first


@pytest.mark.parametrize("amount", [0, -1, 65996])
def test_a_refund_of_nothing_or_too_much_is_refused(gateway, standin, amount):
    intent = paid(gateway, standin).payment_intent
    with pytest.raises(StripeRefused):
        gateway.create_refund(payment_intent=intent, amount_minor=amount, refund_id="1", idempotency_key="refund:1")
    assert gateway.list_refunds(intent) == []


def test_a_refund_asked_for_twice_goes_back_once(gateway, standin):
    intent = paid(gateway, standin).payment_intent
    asked = {"payment_intent": intent, "amount_minor": 500, "refund_id": "1", "idempotency_key": "refund:1"}

    assert gateway.create_refund(**asked) == gateway.create_refund(**asked)
    assert len(gateway.list_refunds(intent)) == 1


def test_a_refund_made_in_the_dashboard_has_no_number_of_ours(gateway, standin, desk):
    intent = paid(gateway, standin).payment_intent
    desk.refund_in_dashboard(intent, amount=700)
    (refund,) = gateway.list_refunds(intent)
    assert (refund.refund_id, refund.amount_minor) == (None, 700)


def test_more_refunds_than_one_page_are_all_listed(gateway, standin):
    intent = paid(gateway, standin).payment_intent
    desk = wiring.desk_of(standin)
    for _ in range(103):
        desk.refund_in_dashboard(intent, amount=1)
    refunds = gateway.list_refunds(intent)
    assert len({refund.id for refund in refunds}) == 103


# Events


def test_events_are_listed_oldest_first_and_only_those_asked_for(gateway, standin):
    session = paid(gateway, standin)
    gateway.create_refund(payment_intent=session.payment_intent, amount_minor=1, refund_id="1", idempotency_key="refund:1")

    events = gateway.list_events(clock.now() - timedelta(hours=1), ["refund.created", "checkout.session.completed"])

    assert [event.type for event in events] == ["checkout.session.completed", "refund.created"]
    assert events[0].object_id == session.id
    assert events[0].api_version == stripe.api_version
    assert gateway.list_events(clock.now() + timedelta(hours=1), ["refund.created"]) == []


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


# Time and threads


class Hanging(BaseAdapter):
    """Never answers; remembers how long it was to be waited for, and lets that time pass on a clock of its own."""

    def __init__(self, wait):
        super().__init__()
        self.waited, self._wait = [], wait

    def send(self, request, timeout=None, **_):
        self.waited.append(timeout)
        self._wait(timeout)
        raise requests.exceptions.ReadTimeout("nothing came", request=request)

    def close(self):
        pass


def hanging_gateway(adapter, **options):
    session = requests.Session()
    session.mount(HOST, adapter)
    return Gateway(KEY, api_base=HOST, session=session, **options)


def test_all_tries_together_keep_within_the_budget(monkeypatch):
    passed = [0.0]

    def sleep(seconds):
        passed[0] += seconds

    monkeypatch.setattr("shop.payments.budget.monotonic", lambda: passed[0])
    monkeypatch.setattr(time, "sleep", sleep)
    adapter = Hanging(sleep)
    gateway = hanging_gateway(adapter, timeout=8, max_network_retries=5)

    with pytest.raises(StripeDown):
        gateway.get_session("cs_test_abc")

    assert passed[0] <= 8
    assert len(adapter.waited) == 2


def test_a_list_of_many_slow_pages_keeps_within_the_budget_too(gateway, standin, desk, monkeypatch):
    intent = paid(gateway, standin).payment_intent
    for _ in range(201):
        desk.refund_in_dashboard(intent, amount=1)
    passed, asked = [0.0], []
    session = wiring.stripe_wire(standin)
    adapter = session.get_adapter(HOST)
    answer = adapter.send

    def slowly(request, **options):
        asked.append(request.url)
        passed[0] += 5
        return answer(request, **options)

    monkeypatch.setattr("shop.payments.budget.monotonic", lambda: passed[0])
    monkeypatch.setattr(adapter, "send", slowly)

    with pytest.raises(StripeDown):
        Gateway(KEY, api_base=HOST, session=session, timeout=8).list_refunds(intent)
    assert len(asked) == 2


def test_calls_beyond_the_bulkhead_fail_soon_and_the_others_go_on():
    inside, let_go = threading.Semaphore(0), threading.Event()

    def wait(_):
        inside.release()
        let_go.wait(10)

    gateway = hanging_gateway(Hanging(wait), max_concurrent=2, max_network_retries=0)
    failures = []

    def call():
        with pytest.raises(StripeDown) as down:
            gateway.get_session("cs_test_abc")
        failures.append(down.value)

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert inside.acquire(timeout=10)

    with pytest.raises(StripeDown) as third:
        gateway.get_session("cs_test_abc")
    let_go.set()
    for thread in threads:
        thread.join(10)

    assert "waiting already" in third.value.detail
    assert len(failures) == 2
    with pytest.raises(StripeDown) as free_again:
        gateway.get_session("cs_test_abc")
    assert "waiting already" not in free_again.value.detail


def test_one_gateway_serves_many_threads(gateway):
    made, errors = [], []

    def buy(number):
        try:
            attempt = an_attempt(attempt_id=str(number))
            made.append(gateway.create_session(attempt=attempt, idempotency_key=f"checkout:{number}").id)
        except StripeDown as error:
            errors.append(error)

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert not errors
    assert len(set(made)) == 4


def test_a_proxy_of_the_surroundings_does_not_stand_between_two_programs_of_one_machine(standin, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    used = []
    session = wiring.stripe_wire(standin)
    adapter = session.get_adapter(HOST)
    answer = adapter.send

    def send(request, proxies=None, **options):
        used.append(proxies)
        return answer(request, **options)

    monkeypatch.setattr(adapter, "send", send)
    session.trust_env = True
    Gateway(KEY, api_base=HOST, session=session).list_events(clock.now(), ["refund.created"])
    assert [dict(proxies) for proxies in used] == [{}]


def test_no_object_of_stripes_leaves_the_gateway(gateway, standin):
    session = paid(gateway, standin)
    for answer in (session, session.charge):
        for field in fields(answer):
            assert not isinstance(getattr(answer, field.name), stripe.StripeObject)


def test_return_addresses_are_absolute():
    assert asking.return_urls("https://shop.example/")["cancel_url"] == "https://shop.example/checkout"
