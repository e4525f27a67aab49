"""The webhook door: what is let in, and every way of being turned away."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from shop.payments.errors import BadEvent
from shop.payments.signatures import MOST_BYTES, WebhookDoor, check_secrets, read_event

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OLD, NEW = "whsec_the_old_secret", "whsec_the_new_secret"
EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "checkout.session.completed",
    "created": int(NOW.timestamp()),
    "livemode": False,
    "api_version": "2026-10-28.endive",
    "data": {"object": {"id": "cs_test_1", "object": "checkout.session"}},
}


def sign(body: bytes | str, *, secret: str = NEW, at: datetime = NOW) -> str:
    """As the SDK signs, which refuses to sign what is no text."""
    text = body if isinstance(body, str) else body.decode("latin-1")
    stamp = int(at.timestamp())
    if isinstance(body, str):
        return stripe.WebhookSignature.generate_signature_header(text, secret, timestamp=stamp)
    import hashlib
    import hmac

    mac = hmac.new(secret.encode(), str(stamp).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={mac}"


def let_in(body, header, *, secrets=(NEW,), livemode=False, now=NOW):
    return read_event(body, header, secrets, livemode=livemode, now=now)


def signed_event(**changes):
    body = json.dumps(EVENT | changes).encode()
    return body, sign(body)


def test_what_the_sdk_signed_is_let_in():
    text = json.dumps(EVENT)
    event = let_in(text.encode(), sign(text))
    assert (event.id, event.type, event.object_id) == ("evt_1", "checkout.session.completed", "cs_test_1")
    assert (event.created, event.livemode, event.api_version) == (NOW, False, "2026-10-28.endive")
    assert event.raw == EVENT


@given(st.text(max_size=200).filter(lambda word: "\0" not in word))
def test_any_text_that_the_sdk_signs_has_the_signature_that_we_expect(word):
    text = json.dumps(EVENT | {"note": word}, ensure_ascii=False)
    assert let_in(text.encode(), sign(text)).raw["note"] == word


# Secrets


@pytest.mark.parametrize("signed_with", [OLD, NEW])
def test_while_a_secret_is_changed_both_are_good(signed_with):
    text = json.dumps(EVENT)
    assert let_in(text.encode(), sign(text, secret=signed_with), secrets=(OLD, NEW)).id == "evt_1"


def test_stripe_may_sign_with_both_secrets_at_once():
    text = json.dumps(EVENT)
    header = sign(text, secret=OLD) + "," + sign(text, secret=NEW).split(",")[1]
    assert let_in(text.encode(), header, secrets=(NEW,)).id == "evt_1"


def test_an_old_secret_is_worth_nothing_once_it_is_gone():
    text = json.dumps(EVENT)
    with pytest.raises(BadEvent):
        let_in(text.encode(), sign(text, secret=OLD), secrets=(NEW,))


@pytest.mark.parametrize("secrets", [[], [""], ["whsec_"], ["whsec_short"], [NEW, " "], ["sk_test_12345678"], [NEW + "\n"]])
def test_a_door_without_a_good_secret_is_not_built(secrets):
    with pytest.raises(ValueError):
        check_secrets(secrets)
    with pytest.raises(ValueError):
        WebhookDoor(secrets, livemode=False)
    with pytest.raises(ValueError):
        let_in(b"{}", "t=1,v1=" + "0" * 64, secrets=secrets)


def test_a_door_reads_as_it_was_built():
    body, header = signed_event()
    assert WebhookDoor([NEW], livemode=False).read(body, header, now=NOW).id == "evt_1"
    with pytest.raises(BadEvent):
        WebhookDoor([NEW], livemode=True).read(body, header, now=NOW)


# Time


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_five_minutes_either_way_are_let_in(seconds):
    body, header = signed_event()
    assert let_in(body, header, now=NOW + timedelta(seconds=seconds)).id == "evt_1"


@pytest.mark.parametrize("seconds", [-86400, -301, 301, 86400])
def test_older_ones_and_those_from_the_future_are_not(seconds):
    body, header = signed_event()
    with pytest.raises(BadEvent, match="old"):
        let_in(body, header, now=NOW + timedelta(seconds=seconds))


# Headers


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "t=1700000000",
        "v1=" + "0" * 64,
        "t=,v1=" + "0" * 64,
        "t=-1,v1=" + "0" * 64,
        "t=1e9,v1=" + "0" * 64,
        "t=٣,v1=" + "0" * 64,
        "t=1700000000,v0=" + "0" * 64,
        "t=1700000000,v1=é" + "0" * 63,
        "t=1700000000,v1=" + "0" * 63,
        "t=1700000000,v1=",
        "t=1700000000,t=1700000001,v1=" + "0" * 64,
        "t" * 5000,
        "t=1700000000," + "v1=" + "0" * 64 + ",v1=" * 2000,
        "\udcff=\udcff",
    ],
)
def test_a_header_that_is_none_is_turned_away(header):
    with pytest.raises(BadEvent):
        let_in(json.dumps(EVENT).encode(), header)


@given(st.text(max_size=300))
def test_no_header_breaks_the_door(header):
    with pytest.raises(BadEvent):
        let_in(b"{}", header)


@given(st.binary(max_size=300))
def test_no_body_breaks_the_door(body):
    with pytest.raises(BadEvent):
        let_in(body, sign(json.dumps(EVENT)))


def test_one_changed_letter_spoils_the_signature():
    body, header = signed_event()
    with pytest.raises(BadEvent, match="match"):
        let_in(body.replace(b"evt_1", b"evt_2"), header)


# Bodies that Stripe signed and that are no event of ours


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe not text",
        b"not json",
        b"",
        b"[]",
        b"[1, 2]",
        b"null",
        b"1",
        b'"evt_1"',
        b"{}",
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b"1" * 10_000,
        b"\xef\xbb\xbf{}",
    ],
)
def test_a_signed_body_that_is_no_event_is_turned_away(body):
    with pytest.raises(BadEvent):
        let_in(body, sign(body))


@pytest.mark.parametrize(
    "changes",
    [
        {"object": "v2.core.event", "data": None, "related_object": {"id": "cs_test_1"}},
        {"id": None},
        {"id": "x" * 300},
        {"id": "evt_../x"},
        {"type": 7},
        {"type": ""},
        {"created": "now"},
        {"created": True},
        {"created": 10**40},
        {"created": -1},
        {"livemode": "false"},
        {"livemode": None},
        {"data": []},
        {"data": {"object": "cs_test_1"}},
        {"data": {"object": {"id": ["cs_test_1"]}}},
        {"api_version": 2026},
        {"note": "a\0b"},
        {"note": "\ud800"},
        {"note": float("nan")},
        {"note": [{"deep": float("inf")}]},
        {"k\0": 1},
    ],
)
def test_a_signed_event_of_another_shape_is_turned_away(changes):
    body, header = signed_event(**changes)
    with pytest.raises(BadEvent):
        let_in(body, header)


@pytest.mark.parametrize(("livemode", "ours"), [(True, False), (False, True)])
def test_an_event_of_the_other_mode_is_turned_away(livemode, ours):
    body, header = signed_event(livemode=livemode)
    with pytest.raises(BadEvent, match="mode"):
        let_in(body, header, livemode=ours)


def test_an_unknown_type_and_another_version_are_let_in():
    body, header = signed_event(type="balance.available", api_version="2030-01-01.fern")
    event = let_in(body, header)
    assert (event.type, event.api_version) == ("balance.available", "2030-01-01.fern")


def test_ten_megabytes_are_turned_away_before_anything_is_computed():
    body = b"x" * 10_000_000
    with pytest.raises(BadEvent, match="large"):
        let_in(body, "t=1,v1=" + "0" * 64)


def test_the_largest_event_is_let_in():
    padding = "x" * (MOST_BYTES - len(json.dumps(EVENT | {"note": ""})))
    body, header = signed_event(note=padding)
    assert len(body) == MOST_BYTES
    assert let_in(body, header).id == "evt_1"
