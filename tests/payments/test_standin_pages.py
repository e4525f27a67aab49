"""The pages of the stand-in: paying without a card, and the control desk."""

import json

import pytest

from shop.payments.asking import DeliveryParams, LineParams
from tests.payments.wiring import HOST, press
from tests.support import pages


def faults_of(html):
    """What a careful reader finds; forms of the stand-in carry no token, it looks where a press came from."""
    return [fault for fault in pages.inspect(html) if "csrf_token" not in fault]


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
