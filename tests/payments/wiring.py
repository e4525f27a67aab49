"""The SDK's whole path into the stand-in, without a socket: a requests adapter on a host that does not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import urlsplit

import requests
from flask import Flask
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from shop.core import clock
from shop.payments.answers import CheckoutSession, Event
from shop.payments.asking import AttemptParams, DeliveryParams, LineParams, RecipientParams, return_urls
from shop.payments.gateway import Gateway
from shop.payments.signatures import read_event
from shop.payments.standin import create_standin
from shop.payments.standin.desk import Desk

HOST = "http://standin.test"
KEY = "sk_test_standin_tests"
SECRET = "whsec_of_the_tests"


class WsgiAdapter(BaseAdapter):
    """Hands a prepared request to a WSGI app and its answer back to requests."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._app = app

    def send(self, request, **_):  # type: ignore[no-untyped-def]
        url = urlsplit(request.url)
        headers = {name: value for name, value in request.headers.items() if name != "Content-Length"}
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        # Closing the answer is what sends the events, so the whole of it is read first.
        with self._app.test_client(use_cookies=False) as client:
            answer = client.open(
                path=url.path,
                query_string=url.query,
                method=request.method,
                headers=headers,
                data=body,
                base_url=f"{url.scheme}://{url.netloc}",
                environ_overrides={"standin.wire": True},
                buffered=True,
            )
        fault = answer.headers.get("X-Standin-Fault")
        if fault == "timeout":
            raise requests.exceptions.ReadTimeout("the answer was lost", request=request)
        if fault == "reset":
            raise requests.exceptions.ConnectionError("the connection broke", request=request)
        return self._as_requests(request, answer)

    def _as_requests(self, request, answer):  # type: ignore[no-untyped-def]
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(answer.headers)
        response.url, response.request, response.connection = request.url, request, self
        response.raw = HTTPResponse(
            BytesIO(answer.data), status=answer.status_code, headers=dict(answer.headers), preload_content=False
        )
        return response

    def close(self) -> None:
        pass


def stripe_wire(standin: Flask) -> requests.Session:
    """A requests session whose calls to HOST end in the stand-in."""
    session = requests.Session()
    session.trust_env = False
    session.mount(HOST, WsgiAdapter(standin))
    return session


def gateway_to(standin: Flask, **options) -> Gateway:  # type: ignore[no-untyped-def]
    """The shop's gateway, wired to the stand-in; no retries unless asked for."""
    options = {"max_network_retries": 0} | options
    return Gateway(KEY, api_base=HOST, session=stripe_wire(standin), **options)


def make_standin(folder, *, deliver: Callable[[bytes, dict[str, str]], int] | None = None, clock=None) -> Flask:  # type: ignore[no-untyped-def]
    """A stand-in with its own file; without `deliver` its events are taken and forgotten."""
    return create_standin(
        folder / "standin.db",
        webhook_url="http://shop.test/stripe/webhook",
        webhook_secret=SECRET,
        deliver=deliver or (lambda body, headers: 200),
        clock=clock,
        public_url=HOST,
    )


def desk_of(standin: Flask) -> Desk:
    desk: Desk = standin.extensions["desk"]
    return desk


class Letterbox:
    """Takes webhooks as a shop would: `answer` is its status; what came is kept in order."""

    def __init__(self) -> None:
        self.answer = 200
        self.letters: list[tuple[bytes, dict[str, str]]] = []

    def __call__(self, body: bytes, headers: dict[str, str]) -> int:
        self.letters.append((body, headers))
        return self.answer

    def events(self) -> list[Event]:
        """Everything that came, read through the shop's own door."""
        return [_read(body, headers["Stripe-Signature"]) for body, headers in self.letters]

    def types(self) -> list[str]:
        return [event.type for event in self.events()]


def _read(body: bytes, header: str) -> Event:
    """As the shop would have read it at the moment when it was sent."""
    sent_at = datetime.fromtimestamp(int(header.partition(",")[0].removeprefix("t=")), UTC)
    return read_event(body, header, [SECRET], livemode=False, now=sent_at)


def an_attempt(**changes) -> AttemptParams:  # type: ignore[no-untyped-def]
    """Six sessions and two serums, posted to Leeds: £659.95."""
    usual = {
        "attempt_id": "7",
        "order_number": "AG-1001",
        "currency": "GBP",
        "lines": (LineParams("Six sessions, face", 61200), LineParams("2 × Quiet serum", 4400)),
        "delivery": DeliveryParams("Tracked post", 395),
        "recipient": RecipientParams("Ada Byron", "1 Mill Lane", "Leeds", "LS1 1AA", "GB"),
        "email": "ada@example.com",
        "expires_at": clock.now() + timedelta(minutes=45),
        **return_urls("https://shop.example"),
    }
    return AttemptParams(**(usual | changes))  # type: ignore[arg-type]


def press(standin: Flask, session: CheckoutSession, action: str):  # type: ignore[no-untyped-def]
    """Press a button of the pay page, as a person does."""
    assert session.url
    return standin.test_client().post(session.url, data={"action": action})
