"""The webhook door: what Stripe did not sign for this shop gets 400 and leaves nothing, what it did sign is never lost."""

import hashlib
import hmac
import json
import time
from dataclasses import replace

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy.exc import OperationalError
from stripe import WebhookSignature

from shop.core import clock as shop_clock
from shop.core.db import db
from shop.payments.locks import PaymentLocked, check_payment_setup
from tests.support.tills import entries, inbox

SECRET = "whsec_of_the_tests"


def an_event(**changes):
    usual = {
        "id": "evt_1",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": 1_770_000_000,
        "data": {"object": {"id": "cs_test_1", "object": "checkout.session"}},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": "checkout.session.completed",
    }
    return json.dumps(usual | changes).encode()


def signed(body, *, secret=SECRET, at=None):
    stamp = int(shop_clock.now().timestamp()) if at is None else at
    digest = hmac.new(secret.encode(), str(stamp).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


def knock(client, body, header):
    headers = {"Content-Type": "application/json"} | ({"Stripe-Signature": header} if header is not None else {})
    return client.post("/stripe/webhook", data=body, headers=headers, csrf=False)


@pytest.fixture(autouse=True)
def at_noon(clock):
    """Time stands still."""


def test_what_stripe_signed_is_kept_and_answered_with_200(client):
    assert knock(client, an_event(), signed(an_event())).status_code == 200
    assert [(event.event_id, event.done_at) for event in inbox()] == [("evt_1", None)]


def test_the_sdk_s_own_signature_is_understood(client):
    body = an_event().decode()
    header = WebhookSignature.generate_signature_header(body, SECRET, timestamp=int(time.time()))
    assert knock(client, body.encode(), header).status_code == 200


def test_a_second_delivery_is_the_first(client):
    for _ in range(3):
        assert knock(client, an_event(), signed(an_event())).status_code == 200
    assert len(inbox()) == 1


def test_an_old_signature_is_refused_and_so_is_one_from_the_future(client):
    now = int(shop_clock.now().timestamp())
    for at, status in ((now - 301, 400), (now + 301, 400), (now - 299, 200)):
        assert knock(client, an_event(id=f"evt_{at}"), signed(an_event(id=f"evt_{at}"), at=at)).status_code == status
    assert len(inbox()) == 1


def test_while_secrets_are_changed_both_are_right(app, client, config):
    app.config["SHOP"] = replace(config, stripe_webhook_secrets=("whsec_the_newer_one", "whsec_the_older_one"))
    try:
        statuses = []
        for name in ("newer", "older", "oldest"):
            body = an_event(id=f"evt_{name}")
            statuses.append(knock(client, body, signed(body, secret=f"whsec_the_{name}_one")).status_code)
        assert statuses == [200, 200, 400]
        body = an_event(id="evt_both")
        both = f"{signed(body, secret='whsec_unknown')},{signed(body, secret='whsec_the_older_one').partition(',')[2]}"
        assert knock(client, body, both).status_code == 200
    finally:
        app.config["SHOP"] = config


def test_a_shop_without_a_secret_does_not_start(config):
    with pytest.raises(PaymentLocked, match="STRIPE_WEBHOOK_SECRETS"):
        check_payment_setup(replace(config, stripe_webhook_secrets=()))


HOSTILE = {
    "no header": (an_event(), None),
    "an empty header": (an_event(), ""),
    "a wrong secret": (an_event(), signed(an_event(), secret="whsec_guessed", at=1_772_443_800)),
    "a signature of another body": (an_event(), signed(an_event(id="evt_2"), at=1_772_443_800)),
    "letters beyond ASCII": (an_event(), "t=1772443800,v1=ümläut"),
    "a stamp beyond all numbers": (an_event(), f"t={'9' * 400},v1={'0' * 64}"),
    "two stamps": (an_event(), f"t=1,t=2,v1={'0' * 64}"),
    "a header without end": (an_event(), "v1=0," * 20_000),
}
ODD_BODIES = {
    "no UTF-8": b'{"id": "\xff\xfe"}',
    "no JSON": b"id=evt_1&object=event",
    "nothing": b"",
    "a list": b"[1, 2]",
    "a number": b"5",
    "null": b"null",
    "a number of ten thousand figures": b'{"created": ' + b"9" * 10_000 + b"}",
    "brackets without end": b"[" * 100_000,
    "half a letter": an_event(type="checkout.session.completed", request={"id": "\ud800"}),
    "a null character": an_event(request={"id": "a\0b"}),
    "not a number": b'{"created": NaN}',
    "a thin event": json.dumps({"id": "evt_1", "object": "v2.core.event", "type": "v1.x", "livemode": False}).encode(),
    "no object in it": an_event(data={}),
    "an id of another kind": an_event(id="../../etc/passwd"),
    "an id that is a list": an_event(id=["evt_1"]),
    "a type that is a page": an_event(type="<script>"),
    "an object without a plain id": an_event(data={"object": {"id": {"$gt": ""}}}),
    "the live mode": an_event(livemode=True),
    "no mode": an_event(livemode=None),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_signed_is_refused(client, name):
    body, header = HOSTILE[name]
    assert knock(client, body, header).status_code == 400
    assert inbox() == []


@pytest.mark.parametrize("name", ODD_BODIES)
def test_even_signed_nonsense_is_refused(client, name):
    body = ODD_BODIES[name]
    assert knock(client, body, signed(body)).status_code == 400
    assert inbox() == []


def test_ten_megabytes_are_not_read(client):
    body = b"x" * 10_000_000
    assert knock(client, body, signed(b"")).status_code == 413
    body = an_event(padding="x" * 300_000)
    assert knock(client, body, signed(body)).status_code == 400
    assert inbox() == []


@pytest.mark.parametrize("version", ["1999-01-01", "2030-01-01.future", None])
def test_another_version_is_kept_as_the_truth_is_read_anyway(client, version):
    body = an_event(api_version=version)
    assert knock(client, body, signed(body)).status_code == 200
    assert len(inbox()) == 1


def test_an_unknown_type_is_kept_and_closed(client, worker):
    body = an_event(type="invoice.paid", data={"object": {"id": "in_1"}})
    assert knock(client, body, signed(body)).status_code == 200
    worker()
    assert [event.outcome for event in inbox()] == ["ignored"]
    assert entries() == []


def test_what_cannot_be_kept_is_answered_so_that_stripe_sends_it_again(app, client):
    def fail(connection, cursor, statement, parameters, context, executemany):
        if "payment_inbox" in statement:
            raise OperationalError(statement, parameters, Exception("disk I/O error"))

    sql_event.listen(db.engines[None], "before_cursor_execute", fail)
    try:
        assert knock(client, an_event(), signed(an_event())).status_code in (500, 503)
    finally:
        sql_event.remove(db.engines[None], "before_cursor_execute", fail)
    assert inbox() == []
    assert knock(client, an_event(), signed(an_event())).status_code == 200


@pytest.mark.sqlite
def test_a_locked_database_is_waited_for_and_then_said(app, client, monkeypatch):
    import sqlite3

    monkeypatch.setattr("shop.core.db.WAIT_SECONDS", 0.05)
    other = sqlite3.connect(db.engines[None].url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = knock(client, an_event(), signed(an_event()))
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
    finally:
        other.close()
    assert inbox() == []


def test_no_name_and_no_address_of_the_client_is_kept_with_the_message(client):
    person = {"email": "ada@example.com", "name": "Ada Byron", "address": {"city": "Leeds"}}
    body = an_event(data={"object": {"id": "cs_test_1", "customer_details": person, "customer_email": "ada@example.com"}})
    assert knock(client, body, signed(body)).status_code == 200
    assert "ada" not in json.dumps(inbox()[0].payload).lower()


def test_the_door_needs_no_token_and_sets_no_cookie(client):
    answer = knock(client, an_event(), signed(an_event()))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
