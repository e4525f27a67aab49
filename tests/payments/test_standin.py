"""The stand-in behaves as Stripe does: its states, its refusals, its events and its page."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
import requests
import stripe

from shop.core import clock as shop_clock
from shop.payments.asking import DeliveryParams, LineParams
from shop.payments.errors import StripeRefused
from shop.payments.signatures import read_event
from shop.payments.standin.envelope import ApiError, unfold
from tests.payments import wiring
from tests.payments.wiring import HOST, KEY, SECRET, an_attempt, press
from tests.support import pages


@pytest.fixture
def wire(standin):
    """Calls without the SDK: `wire("POST", "/v1/refunds", {...})` answers requests' response."""
    session = wiring.stripe_wire(standin)

    def call(method, path, fields=None, *, key=KEY, **headers):
        sent = {"Authorization": f"Bearer {key}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        where = {"params": fields} if method == "GET" else {"data": fields}
        return session.request(method, HOST + path, headers=sent, **where)

    return call


@pytest.fixture
def open_page(gateway):
    def make(number=1, **changes):
        attempt = an_attempt(attempt_id=str(number), **changes)
        return gateway.create_session(attempt=attempt, idempotency_key=f"checkout:{number}")

    return make


@pytest.fixture
def paid(open_page, standin, gateway):
    """A paid session, its events already forgotten."""

    def make(letterbox):
        session = open_page()
        press(standin, session, "pay")
        letterbox.letters.clear()
        return gateway.get_session(session.id)

    return make


def fields_of_a_session(**changes):
    usual = {
        "mode": "payment",
        "success_url": "https://shop.example/ok",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "gbp",
        "line_items[0][price_data][unit_amount]": "500",
        "line_items[0][price_data][product_data][name]": "Serum",
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def faults_of(html):
    """What a careful reader finds; forms of the stand-in carry no token, it looks where a press came from."""
    return [fault for fault in pages.inspect(html) if "csrf_token" not in fault]


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


# Refusing


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"mode": None}, "mode", "parameter_missing"),
        ({"mode": "pay"}, "mode", None),
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"success_url": "shop.example/ok"}, "success_url", "url_invalid"),
        ({"ui_mode": "hosted"}, "ui_mode", None),
        ({"nonsense": "1"}, "nonsense", "parameter_unknown"),
        ({"line_items[0][price_data][colour]": "red"}, "line_items[0][price_data][colour]", "parameter_unknown"),
        ({"payment_intent_data[meta]": "1"}, "payment_intent_data[meta]", "parameter_unknown"),
        ({"adaptive_pricing[enable]": "false"}, "adaptive_pricing[enable]", "parameter_unknown"),
        ({"line_items[0][price_data][currency]": None}, "line_items[0][price_data][currency]", "parameter_missing"),
        ({"line_items[0][quantity]": None}, "line_items[0][quantity]", "parameter_missing"),
        ({"line_items[0][quantity]": "0"}, "line_items[0][quantity]", "parameter_invalid_integer"),
        ({"line_items[0][price_data][unit_amount]": "5.00"}, "line_items[0][price_data][unit_amount]", "parameter_invalid_integer"),
        ({"line_items[0][price_data][unit_amount]": "-5"}, "line_items[0][price_data][unit_amount]", "parameter_invalid_integer"),
        ({"line_items[0][price_data][product_data][name]": ""}, "line_items[0][price_data][product_data][name]", "parameter_invalid_empty"),
        ({"line_items[0][price_data][currency]": "gpb"}, None, None),
        ({"line_items": "1"}, "line_items", None),
        ({"allow_promotion_codes": "yes"}, "allow_promotion_codes", None),
        ({"locale": "klingon"}, "locale", None),
        ({"customer_email": "nobody"}, "customer_email", "email_invalid"),
        ({"expires_at": "12"}, "expires_at", None),
        ({"metadata[" + "k" * 41 + "]": "v"}, "metadata", None),
        ({"metadata[k]": "v" * 501}, "metadata", None),
        ({"client_reference_id": "x" * 201}, "client_reference_id", None),
    ],
)  # fmt: skip
def test_wrong_parameters_are_refused_by_name(wire, changes, param, code):
    answer = wire("POST", "/v1/checkout/sessions", fields_of_a_session(**changes))

    error = answer.json()["error"]
    assert answer.status_code == 400, error
    assert error["type"] == "invalid_request_error"
    if param:
        assert error["param"] == param
    if code:
        assert error["code"] == code


def test_what_is_right_is_taken(wire):
    answer = wire("POST", "/v1/checkout/sessions", fields_of_a_session(expires_at=None))
    assert answer.status_code == 200
    assert answer.json()["amount_total"] == 500
    assert answer.headers["Request-Id"].startswith("req_")


@pytest.mark.parametrize(("minutes", "ok"), [(29, False), (30, True), (24 * 60, True), (24 * 60 + 1, False)])
def test_a_page_lives_from_half_an_hour_to_a_day(open_page, clock, minutes, ok):
    until = shop_clock.now() + timedelta(minutes=minutes)
    if ok:
        assert open_page(expires_at=until).expires_at == until
        return
    with pytest.raises(StripeRefused) as refused:
        open_page(expires_at=until)
    assert refused.value.param == "expires_at"


@pytest.mark.parametrize("key", ["sk_test_somebody", "sk_" + "live_51AbC", "sk_test_standin_", "", "sk_test_standin_x y"])
def test_only_keys_of_the_stand_in_are_taken(wire, key):
    answer = wire("GET", "/v1/events", key=key)
    assert answer.status_code == 401
    assert "AbC" not in answer.text


def test_another_version_of_the_interface_is_not_spoken(wire):
    assert wire("GET", "/v1/events", Stripe_Version="2020-08-27").status_code == 400


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/checkout/sessions/cs_test_no", "/v1/charges/ch_no", "/v1/x/y/z"])
def test_what_does_not_exist_is_not_found(wire, path):
    answer = wire("GET", path)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"]


def test_a_replay_names_the_first_request(wire):
    asked = ("POST", "/v1/checkout/sessions", fields_of_a_session())
    first = wire(*asked, Idempotency_Key="k")
    second = wire(*asked, Idempotency_Key="k")
    assert second.json() == first.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Original-Request"] == first.headers["Request-Id"]
    assert "Idempotent-Replayed" not in first.headers


def test_refused_parameters_do_not_use_up_a_key(wire):
    assert wire("POST", "/v1/checkout/sessions", fields_of_a_session(mode=None), Idempotency_Key="k").status_code == 400
    assert wire("POST", "/v1/checkout/sessions", fields_of_a_session(), Idempotency_Key="k").status_code == 200


def test_a_key_is_good_for_one_place_only(wire):
    wire("POST", "/v1/checkout/sessions", fields_of_a_session(), Idempotency_Key="k")
    answer = wire("POST", "/v1/refunds", {"charge": "ch_1"}, Idempotency_Key="k")
    assert answer.json()["error"]["type"] == "idempotency_error"


def test_a_key_is_forgotten_after_a_day(wire, clock, desk):
    wire("POST", "/v1/checkout/sessions", fields_of_a_session(), Idempotency_Key="k")
    clock.shift(timedelta(hours=24, seconds=1))
    wire("POST", "/v1/checkout/sessions", fields_of_a_session(), Idempotency_Key="k")
    assert len(desk.all("checkout.session")) == 2


@pytest.mark.parametrize(
    "fields",
    [[("a[b", "1")], [("", "1")], [("a", "1"), ("a[b]", "2")], [("a[b]", "1"), ("a", "2")], [("a" + "[x]" * 20, "1")]],
)
def test_brackets_that_do_not_fit_are_refused(fields):
    with pytest.raises(ApiError):
        unfold(fields)


def test_numbered_brackets_are_lists_but_metadata_keeps_its_keys():
    fields = [("a[1]", "y"), ("a[0]", "x"), ("metadata[0]", "z"), ("b[]", "1"), ("b[]", "2")]
    assert unfold(fields) == {"a": ["x", "y"], "metadata": {"0": "z"}, "b": ["1", "2"]}


# Reading


def test_line_items_show_only_on_request(wire, open_page):
    session = open_page()
    plain = wire("GET", f"/v1/checkout/sessions/{session.id}").json()
    whole = wire("GET", f"/v1/checkout/sessions/{session.id}", {"expand[0]": "line_items"}).json()
    assert "line_items" not in plain
    assert [item["description"] for item in whole["line_items"]["data"]] == ["Six sessions, face", "2 × Quiet serum"]
    assert wire("GET", f"/v1/checkout/sessions/{session.id}/line_items").json() == whole["line_items"]


@pytest.mark.parametrize("path", ["url", "nothing", "a.b.c.d.e"])
def test_what_cannot_be_expanded_is_refused(wire, open_page, path):
    answer = wire("GET", f"/v1/checkout/sessions/{open_page().id}", {"expand[0]": path})
    assert answer.status_code == 400


def test_lists_go_by_pages_newest_first(wire, open_page):
    made = [open_page(number).id for number in range(5)]
    first = wire("GET", "/v1/checkout/sessions", {"limit": "2"}).json()
    second = wire("GET", "/v1/checkout/sessions", {"limit": "2", "starting_after": first["data"][-1]["id"]}).json()
    back = wire("GET", "/v1/checkout/sessions", {"limit": "2", "ending_before": second["data"][0]["id"]}).json()
    assert [one["id"] for one in first["data"] + second["data"]] == made[:0:-1]
    assert (first["has_more"], back["data"], back["has_more"]) == (True, first["data"], False)


def test_sessions_are_found_by_their_payment(wire, open_page, standin, gateway):
    one, _ = open_page(1), open_page(2)
    press(standin, one, "pay")
    intent = gateway.get_session(one.id).payment_intent
    found = wire("GET", "/v1/checkout/sessions", {"payment_intent": intent, "expand[0]": "data.payment_intent"}).json()
    assert [(entry["id"], entry["payment_intent"]["id"]) for entry in found["data"]] == [(one.id, intent)]


# Refunds and disputes


def test_a_refund_tells_its_story_in_events(gateway, paid, desk, letterbox):
    intent = paid(letterbox).payment_intent
    refund = gateway.create_refund(payment_intent=intent, amount_minor=500, refund_id="9", idempotency_key="refund:9")
    desk.settle_refund(refund.id, ok=False)

    assert letterbox.types() == ["refund.created", "refund.updated", "refund.failed"]
    assert [event.object["metadata"]["refund_id"] for event in letterbox.events()] == ["9"] * 3
    assert letterbox.events()[1].raw["data"]["previous_attributes"] == {"status": "succeeded"}
    failed = gateway.get_refund(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert desk.all("charge")[0]["amount_refunded"] == 0


def test_a_refund_may_wait_then_arrive_then_come_back(gateway, paid, desk, letterbox):
    intent = paid(letterbox).payment_intent
    desk.refunds_wait()
    refund = gateway.create_refund(payment_intent=intent, amount_minor=500, refund_id="9", idempotency_key="refund:9")
    assert refund.status == "pending"
    assert desk.settle_refund(refund.id, ok=True)["status"] == "succeeded"
    assert desk.settle_refund(refund.id, ok=False)["status"] == "failed"
    with pytest.raises(ApiError):
        desk.settle_refund(refund.id, ok=True)


def test_a_slow_bank_gives_back_slowly(open_page, standin, gateway, desk):
    session = open_page()
    press(standin, session, "slow")
    intent = gateway.get_session(session.id).payment_intent
    asked = {"payment_intent": intent, "amount_minor": 500, "refund_id": "9"}
    with pytest.raises(StripeRefused) as early:
        gateway.create_refund(**asked, idempotency_key="refund:9")
    assert early.value.code == "payment_intent_unexpected_state"
    desk.settle_slow(session.id, ok=True)
    assert gateway.create_refund(**asked, idempotency_key="refund:10").status == "pending"


def test_two_desks_cannot_refund_more_than_was_paid(gateway, paid, letterbox, standin):
    intent = paid(letterbox).payment_intent
    start, done = threading.Barrier(4), []

    def refund(number):
        start.wait(10)
        try:
            done.append(
                gateway.create_refund(
                    payment_intent=intent, amount_minor=30000, refund_id=str(number), idempotency_key=f"refund:{number}"
                )
            )
        except StripeRefused as refused:
            done.append(refused)

    threads = [threading.Thread(target=refund, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sum(one.amount_minor for one in gateway.list_refunds(intent)) == 60000
    assert len([one for one in done if isinstance(one, StripeRefused)]) == 2


@pytest.mark.parametrize(
    ("won", "status", "last"),
    [
        (True, "won", ["charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_reinstated"]),
        (False, "lost", ["charge.dispute.updated", "charge.dispute.closed"]),
    ],
)
def test_a_dispute_takes_the_money_until_it_is_decided(gateway, paid, desk, letterbox, won, status, last):
    session = paid(letterbox)

    dispute = desk.open_dispute(session.payment_intent)

    assert gateway.get_session(session.id).charge.is_disputed
    with pytest.raises(StripeRefused) as refused:
        gateway.create_refund(
            payment_intent=session.payment_intent, amount_minor=1, refund_id="9", idempotency_key="refund:9"
        )
    assert refused.value.code == "charge_disputed"
    assert desk.close_dispute(dispute["id"], won=won)["status"] == status
    assert letterbox.types() == ["charge.dispute.created", "charge.dispute.funds_withdrawn", *last]
    assert {event.object["payment_intent"] for event in letterbox.events()} == {session.payment_intent}


def test_a_bank_may_warn_early(paid, desk, letterbox):
    session = paid(letterbox)
    desk.warn(session.payment_intent)
    (event,) = letterbox.events()
    assert (event.type, event.object["charge"]) == ("radar.early_fraud_warning.created", session.charge.id)


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


# The page


@pytest.mark.parametrize("action", [None, "decline", "pay", "slow", "expire"])
def test_the_page_says_that_no_money_moves_and_asks_for_no_card(open_page, standin, gateway, action):
    session = open_page()
    if action == "expire":
        gateway.expire_session(session.id)
    elif action:
        press(standin, session, action)

    answer = standin.test_client().get(session.url)

    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "No money moves here." in html
    assert "<input" not in html
    assert "<script" not in html
    assert faults_of(html) == []


def test_the_page_shows_every_line_delivery_and_total(open_page, standin):
    session = open_page(
        lines=(LineParams("2 × <b>Serum</b>", 4400), LineParams("Gel", 0)), delivery=DeliveryParams("Post", 395)
    )
    html = standin.test_client().get(session.url).get_data(as_text=True)
    for text in ("2 × &lt;b&gt;Serum", "£44.00", "£0.00", "£3.95", "£47.95", "AG-1001"):
        assert text in html


def test_the_page_lets_its_form_lead_to_the_shop_and_nowhere_else(open_page, standin):
    policy = standin.test_client().get(open_page().url).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' https://shop.example" in policy


def test_buttons_on_other_peoples_pages_do_nothing(open_page, standin, gateway):
    session = open_page()
    client = standin.test_client()
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(session.url, data={"action": "pay"}, headers=foreign).status_code == 403
    assert client.post(f"{HOST}/desk/expire", data={"id": session.id}, headers=foreign).status_code == 403
    assert gateway.get_session(session.id).is_open


@pytest.mark.parametrize("action", ["", "free", "refund"])
def test_an_unknown_button_is_an_error(open_page, standin, action):
    assert press(standin, open_page(), action).status_code == 400


def test_an_unknown_page_is_not_found(standin):
    assert standin.test_client().get("/c/pay/cs_test_x").status_code == 404
    assert standin.test_client().post("/c/pay/cs_test_x", data={"action": "pay"}).status_code == 404


# The control desk


def test_the_control_desk_offers_what_may_happen_next(open_page, standin, gateway, desk):
    session = open_page(1)
    slow, _ = open_page(2), open_page(3)
    press(standin, session, "pay")
    press(standin, slow, "slow")
    intent = gateway.get_session(session.id).payment_intent
    desk.refund_in_dashboard(intent, amount=100)
    desk.open_dispute(intent)

    html = standin.test_client().get("/desk").get_data(as_text=True)

    for verb in (
        "settle-slow-ok",
        "settle-slow-fail",
        "expire",
        "refund-fail",
        "dispute-win",
        "dispute-lose",
        "send-again",
    ):
        assert f"/desk/{verb}" in html
    assert faults_of(html) == []


def test_the_control_desk_acts_for_people_and_programs(open_page, standin, gateway):
    session = open_page()
    press(standin, session, "slow")
    client = standin.test_client()

    by_hand = client.post("/desk/settle-slow-ok", data={"id": session.id}, headers={"Accept": "text/html"})
    again = client.post("/desk/settle-slow-ok", data={"id": session.id}, headers={"Accept": "application/json"})
    read = client.post("/desk/settle-slow-ok", data={"id": session.id}, headers={"Accept": "text/html"})

    assert (by_hand.status_code, by_hand.location) == (303, "/desk")
    assert (again.status_code, again.json["error"]["type"]) == (400, "invalid_request_error")
    assert read.status_code == 400
    assert "No bank payment is on its way" in read.get_data(as_text=True)
    assert gateway.get_session(session.id).is_paid
    assert client.post("/desk/nonsense").status_code == 404


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("hold", {}),
        ("release", {"order": "shuffled"}),
        ("copies", {"count": "2"}),
        ("drop", {}),
        ("delay", {"seconds": "3"}),
        ("refunds-wait", {"on": "0"}),
        ("send-due", {"early": "1"}),
        ("fail-next", {"kind": "503", "times": "0"}),
    ],
)
def test_every_switch_can_be_set_over_the_wire(standin, verb, fields):
    answer = standin.test_client().post(f"/desk/{verb}", data=fields, headers={"Accept": "application/json"})
    assert answer.status_code == 200


def test_a_fault_that_does_not_exist_is_refused(standin):
    answer = standin.test_client().post("/desk/fail-next", data={"kind": "x"}, headers={"Accept": "application/json"})
    assert answer.status_code == 400


def test_faults_strike_the_interface_and_not_the_page(open_page, standin, desk):
    session = open_page()
    desk.fail_next("503", times=5)
    assert standin.test_client().get(session.url).status_code == 200


def test_the_last_event_is_json_like_stripes(open_page, standin, letterbox):
    press(standin, open_page(), "pay")
    body, headers = letterbox.letters[0]
    assert json.loads(body)["object"] == "event"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
