"""A guest with a bag, and Stripe's messages at hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from shop.core.db import db
from shop.working import sweep_all, work_due
from tests.support.browsing import InspectingClient
from tests.support.factories import make_product
from tests.support.journeys import fill_bag
from tests.support.tills import sku_of


@pytest.fixture
def at_noon(clock: time_machine.Traveller) -> None:
    """Time stands still: what is due is due because a test moved it."""


@pytest.fixture
def sku(app: Flask) -> str:
    """Five pieces of one product lie on the shelf."""
    return sku_of(make_product(stock=5))


@pytest.fixture
def guest(client: InspectingClient, sku: str) -> InspectingClient:
    """Somebody nobody knows, with two of it in the bag."""
    fill_bag(client, sku=sku, quantity=2)
    return client


@pytest.fixture
def worker(app: Flask) -> Callable[[], int]:
    """What the worker does when it is nudged: messages of Stripe first, then the outbox."""

    def work() -> int:
        db.session.commit()
        with app.app_context():
            return work_due()

    return work


@pytest.fixture
def sweep_later(app: Flask, clock: time_machine.Traveller) -> Callable[..., None]:
    """Let time pass, then sweep once as the worker does each minute."""

    def sweep(**after: int) -> None:
        db.session.commit()
        clock.shift(timedelta(**after or {"hours": 3}))
        with app.app_context():
            sweep_all()

    return sweep
