"""The stand-in of Stripe inside this process: the real SDK speaks to it, it sends signed events back to the shop."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from shop.payments.standin.desk import Desk
from tests.payments.wiring import desk_of, gateway_to, make_standin

WEBHOOK = "/stripe/webhook"


@dataclass(frozen=True)
class StandIn:
    """`pay(address)` is what a person does on the pay page; `desk` is everything else that may happen."""

    app: Flask
    desk: Desk
    statuses: list[int]

    def pay(self, address: str) -> str:
        """Press "pay" on the page of that address; returns the path in the shop that the browser is sent to."""
        return self._press("pay", address)

    def decline(self, address: str) -> str:
        return self._press("decline", address)

    def pay_slowly(self, address: str) -> str:
        """By slow bank: completed now, paid or not days later (`desk.settle_slow`)."""
        return self._press("slow", address)

    def _press(self, action: str, address: str) -> str:
        with self.app.test_client() as browser:
            answer = browser.post(urlsplit(address).path, data={"action": action}, buffered=True)
        assert answer.status_code == 303, f"the pay page answered {answer.status_code}"
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


def stand_in(shop: Flask, folder: Path) -> StandIn:
    """Wire the shop's gateway to a new stand-in whose events arrive at the shop's webhook at once."""
    statuses: list[int] = []

    def deliver(body: bytes, headers: dict[str, str]) -> int:
        # A plain client in a context of its own: the event may arrive while the shop is still answering somebody.
        with shop.app_context():
            browser = FlaskClient(shop, shop.response_class, use_cookies=False)
            status = browser.post(WEBHOOK, data=body, headers=headers).status_code
        statuses.append(status)
        return status

    app = make_standin(folder, deliver=deliver)
    shop.extensions["gateway"] = gateway_to(app)
    return StandIn(app, desk_of(app), statuses)
