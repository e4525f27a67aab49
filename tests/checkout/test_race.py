"""Sixty-four people want the last five at the same moment, through HTTP and several processes of the real server."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from shop.catalog.models import Variant
from shop.checking import all_differences
from shop.core.db import db
from shop.inventory.models import Stock
from shop.orders.models import Order
from tests.support import databases
from tests.support.factories import make_product
from tests.support.journeys import BUYER
from tests.support.processes import free_port, shop_server, standin_server
from tests.support.visiting import Connection

pytestmark = pytest.mark.slow
BUYERS, UNITS = 64, 5


@pytest.fixture
def servers(app, config, tmp_path):
    """The shop in four processes, Stripe's stand-in beside it, and what they were told."""
    make_product(stock=UNITS)
    db.session.commit()
    databases.close(app)
    port, standin_port = free_port(), free_port()
    config = replace(
        config,
        site_url=f"http://127.0.0.1:{port}",
        stripe_api_base=f"http://127.0.0.1:{standin_port}",
        instance=tmp_path,
    )
    with standin_server(config, tmp_path, port=standin_port), shop_server(config, tmp_path, workers=4, port=port) as shop:
        yield shop, config


def test_exactly_five_are_sold_and_nobody_pays_without_an_order(app, servers):
    shop, config = servers
    sku = db.session.scalars(select(Variant.sku)).one()
    db.session.rollback()
    buyers = [Buyer(shop.url, config.stripe_api_base, sku, n) for n in range(BUYERS)]
    start_together(buyers)
    assert not [buyer.fault for buyer in buyers if buyer.fault]
    statuses = Counter(status for buyer in buyers for status in buyer.statuses)
    assert not [status for status in statuses if status >= 500], f"{statuses}\n{shop.tail(200)}"
    paid = [buyer for buyer in buyers if buyer.paid]
    states = Counter(db.session.scalars(select(Order.state)))
    assert len(paid) == UNITS
    assert states["placed"] == UNITS, (states, statuses)
    stock = db.session.scalars(select(Stock)).one()
    assert (stock.on_hand, stock.allocated, stock.held) == (UNITS, UNITS, 0)
    assert all_differences() == []


class Buyer(threading.Thread):
    """Gets as far as the stock lets; pays when there is a page to pay on."""

    def __init__(self, url, stripe, sku, number):
        super().__init__(daemon=True)
        self.url, self.stripe, self.sku, self.number = url, stripe, sku, number
        self.statuses, self.paid, self.fault = [], False, ""
        self.ready, self.go = threading.Event(), threading.Event()

    def run(self):
        try:
            self.shop()
        except Exception as fault:
            self.fault = f"{type(fault).__name__}: {fault}"
        finally:
            self.ready.set()

    def shop(self):
        with Connection(self.url) as visitor:
            self.buy(visitor)

    def buy(self, visitor):
        token = self.seen(visitor.get("/login")).token
        self.seen(visitor.post("/bag/lines", {"sku": self.sku, "quantity": "1", "csrf_token": token}))
        page = self.seen(visitor.get("/checkout"))
        form = BUYER | {"email": f"buyer{self.number}@example.com", "csrf_token": page.token}
        self.ready.set()
        self.go.wait(60)
        answer = self.seen(visitor.post("/checkout", form))
        address = answer.headers.get("location", "")
        if address.startswith(self.stripe):
            self.pay(visitor, address)

    def pay(self, visitor, address):
        with Connection(self.stripe) as page:
            back = urlsplit(page.post(urlsplit(address).path, {"action": "pay"}).headers["location"])
        self.paid = True
        self.seen(visitor.get(f"{back.path}?{back.query}"))

    def seen(self, answer):
        self.statuses.append(answer.status)
        return answer


def start_together(buyers):
    """Everybody fills the bag first; then all send the checkout in the same moment."""
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        assert buyer.ready.wait(120), "a buyer never reached the checkout"
    for buyer in buyers:
        buyer.go.set()
    for buyer in buyers:
        buyer.join(120)
        assert not buyer.is_alive(), "a buyer is still waiting"
