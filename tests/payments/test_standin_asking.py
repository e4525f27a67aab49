"""What the stand-in is asked: wrong parameters, keys, replays, lists and what is unfolded."""

from datetime import timedelta

import pytest

from shop.core import clock as shop_clock
from shop.payments.errors import StripeRefused
from shop.payments.standin.envelope import ApiError, unfold
from tests.payments import wiring
from tests.payments.wiring import HOST, KEY, press


@pytest.fixture
def wire(standin):
    """Calls without the SDK: `wire("POST", "/v1/refunds", {...})` answers requests' response."""
    session = wiring.stripe_wire(standin)

    def call(method, path, fields=None, *, key=KEY, **headers):
        sent = {"Authorization": f"Bearer {key}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        where = {"params": fields} if method == "GET" else {"data": fields}
        return session.request(method, HOST + path, headers=sent, **where)

    return call


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
