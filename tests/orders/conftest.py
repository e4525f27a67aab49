"""One paid order of two things, with Stripe's stand-in behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from shop.core.db import db
from shop.orders.models import Order
from shop.working import sweep_all, work_due
from tests.support.browsing import InspectingClient
from tests.support.factories import make_package, make_product, make_treatment, make_variant
from tests.support.journeys import come_back, fill_bag, go_to_pay
from tests.support.paying import StandIn
from tests.support.tills import sku_of, the_order


@pytest.fixture
def worker(app: Flask) -> Callable[[], int]:
    """What the worker does when it is nudged."""

    def work() -> int:
        db.session.commit()
        with app.app_context():
            return work_due()

    return work


@pytest.fixture
def sweep_later(app: Flask, clock: time_machine.Traveller) -> Callable[..., None]:
    def sweep(**after: int) -> None:
        db.session.commit()
        clock.shift(timedelta(**after or {"hours": 3}))
        with app.app_context():
            sweep_all()

    return sweep


@pytest.fixture
def paid(client: InspectingClient, standin: StandIn, worker: Callable[[], int], clock: time_machine.Traveller) -> Order:
    """A series of three sessions and two serums, 345.00 with the parcel free; filed, invoiced and confirmed."""
    package = make_package(make_treatment(), sessions=3)
    fill_bag(client, package=package.slug)
    fill_bag(client, sku=sku_of(make_product(stock=5, price_minor=3750)), quantity=2)
    come_back(client, standin.pay(go_to_pay(client)))
    worker()
    assert the_order().total_minor == 34_500
    return the_order()


@pytest.fixture
def serum(app):
    variant = make_variant(price_minor=1000)
    db.session.commit()
    return variant
