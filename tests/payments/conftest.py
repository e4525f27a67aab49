"""A stand-in of one's own for each test, its control desk, and a letterbox in place of the shop."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from shop.payments.gateway import Gateway
from shop.payments.standin.desk import Desk
from tests.payments import wiring
from tests.payments.wiring import an_attempt, press


@pytest.fixture
def letterbox() -> wiring.Letterbox:
    return wiring.Letterbox()


@pytest.fixture
def standin(tmp_path: Path, letterbox: wiring.Letterbox) -> Flask:
    return wiring.make_standin(tmp_path, deliver=letterbox)


@pytest.fixture
def desk(standin: Flask) -> Desk:
    return wiring.desk_of(standin)


@pytest.fixture
def gateway(standin: Flask) -> Gateway:
    return wiring.gateway_to(standin)


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
