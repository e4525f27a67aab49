"""A stand-in of one's own for each test, its control desk, and a letterbox in place of the shop."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from shop.payments.gateway import Gateway
from shop.payments.standin.desk import Desk
from tests.payments import wiring


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
