"""Text messages go to files or a gateway, once each, to numbers that can be dialled, and only where a clinic wants them."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shop.core import sms
from shop.core.db import db
from shop.core.settings import change_setting


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("07700 900 123", "+447700900123"),
        ("+44 (7700) 900-123", "+447700900123"),
        ("0033 6 12 34 56 78", "+33612345678"),
        ("12", None),
        ("", None),
        ("call me", None),
        ("+07700900123", None),
    ],
)
def test_a_number_is_dialled_as_its_country_does(typed, dialled):
    assert sms.dialled(typed, country="GB") == dialled


def test_nothing_is_promised_where_the_clinic_sends_none(app):
    assert sms.send("Hello", phone="07700 900 123", key="a") is False


@pytest.fixture
def gateway(app):
    """A gateway that takes messages, or answers `status` instead."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.taken.append((self.path, self.headers["Authorization"], self.headers["Idempotency-Key"], body))
            self.send_response(server.status)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    server.taken, server.status = [], 202
    threading.Thread(target=server.serve_forever, daemon=True).start()
    was = app.config["SHOP"]
    app.config["SHOP"] = replace(was, sms_url=f"http://secret%2Fone@127.0.0.1:{server.server_port}/send?v=1")
    yield server
    app.config["SHOP"] = was
    server.shutdown()
    server.server_close()


def test_the_gateway_gets_one_message_with_its_reference(app, gateway, run_worker):
    change_setting("visits.sms", True, by="user:1")
    db.session.commit()
    for _ in range(2):
        assert sms.send("See you\non Monday", phone="07700 900 123", key="visit:1")
    db.session.commit()
    run_worker()
    run_worker()
    [(path, bearer, reference, body)] = gateway.taken
    assert (path, bearer, reference) == ("/send?v=1", "Bearer secret/one", "visit:1")
    assert (body["to"], body["text"]) == ("+447700900123", "See you on Monday")


@pytest.mark.parametrize("status", [400, 401, 500, 503])
def test_what_the_gateway_does_not_take_is_tried_again(app, gateway, status):
    gateway.status = status
    with pytest.raises(sms.SmsNotSent, match=str(status)):
        sms.deliver(to="+447700900123", text="x", reference="r")


def test_a_gateway_that_is_gone_is_tried_again(app, gateway):
    gateway.shutdown()
    gateway.server_close()
    with pytest.raises(sms.SmsNotSent):
        sms.deliver(to="+447700900123", text="x", reference="r")
