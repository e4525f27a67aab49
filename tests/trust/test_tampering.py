"""Fields that no form offers change nothing, whoever adds them: prices, roles, sessions and owners are the shop's own."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from shop.accounts.models import Client, User
from shop.bag.models import BagLine
from shop.catalog.models import AddOn, Package, Product, Variant
from shop.core.db import Base, db
from shop.inventory.models import Stock
from shop.orders.models import Order
from shop.wallet.models import Credit
from tests.support import sources
from tests.support.browsing import InspectingClient
from tests.support.forms import Form, forms
from tests.support.journeys import checkout_form, fill_bag
from tests.support.people import browser_of_client
from tests.support.tills import orders
from tests.support.world import make_world, rules
from tests.trust.owner import make_owner

pytestmark = pytest.mark.sqlite  # what a form may set is decided above the database

ADDED = {
    "role": "admin",
    "is_staff": "1",
    "confirmed_at": "2020-01-01",
    "price": "0.01",
    "price_minor": "1",
    "unit_minor": "1",
    "total": "0.01",
    "total_minor": "1",
    "list_minor": "1",
    "discount_minor": "99999",
    "currency": "JPY",
    "credits": "99",
    "sessions": "99",
    "free": "99",
    "granted": "99",
    "stock": "99",
    "on_hand": "99",
    "state": "placed",
    "paid": "1",
    "id": "1",
    "user_id": "1",
    "client_id": "1",
    "order_id": "1",
    "made_at": "2001-01-01",
}
# What only staff, a payment or the ledger may move.
GUARDED: dict[type[Base], tuple[str, ...]] = {
    User: ("role", "disabled_at", "confirmed_at", "totp_secret"),
    Client: ("user_id",),
    Variant: ("price_minor", "product_id"),
    Product: ("price_minor", "state"),
    Package: ("price_minor", "single_minor", "sessions", "state"),
    AddOn: ("per_session_minor",),
    Stock: ("on_hand", "allocated", "held"),
    Credit: ("client_id", "granted", "free", "used", "held"),
    Order: ("client_id", "state", "total_minor"),
}


def test_fields_added_to_every_form_move_nothing_that_is_the_shops(app):
    world = make_world()
    owner = make_owner(app)
    browser = browser_of_client(app)
    ADDED["client_id"], ADDED["user_id"] = str(owner.client_id), str(owner.user_id)
    before, sent = guarded(), 0
    for form in every_form(app, browser, world):
        answer = browser.post(form.action, data=ADDED | form.fields, inspect=False)
        assert answer.status_code < 500, form.action
        sent += 1
    for rule in rules(app, "POST"):
        if rule.rule not in ("/logout", "/stripe/webhook"):
            browser.post(world.address(rule), data=ADDED, inspect=False)
    assert guarded() == before
    assert sent > 8


def test_the_price_in_a_tampered_bag_is_the_catalogues(client):
    make_world()
    sku, price = db.session.execute(select(Variant.sku, Variant.price_minor)).first()
    fill_bag(client, sku=sku, quantity=2, **ADDED)
    line = db.session.scalars(select(BagLine)).one()
    assert line.quantity == 2
    assert f"{price * 2 / 100:.2f}" in client.get("/bag").text


@pytest.mark.parametrize("quantity", ["-1", "1.5", "999999", "1e9", "NaN", "٣", "", "0x10", "1;DROP"])
def test_a_quantity_that_is_none_buys_nothing(client, quantity):
    make_world()
    sku = db.session.scalar(select(Variant.sku))
    client.post("/bag/lines", data={"sku": sku, "quantity": quantity}, inspect=False)
    held = db.session.scalars(select(BagLine.quantity)).all()
    assert all(1 <= units <= 5 for units in held)


@pytest.mark.parametrize("count", ["led:-6", "led:999999", "led:1.5", "led:", ":", "led:6:6", "no-such:6", "led:NaN"])
def test_an_extra_that_is_none_costs_nothing_less(client, count):
    make_world()
    client.post("/bag/lines", data={"package": "meso-lines-6", "addon": [count]}, inspect=False)
    for line in db.session.scalars(select(BagLine)):
        assert all(1 <= units <= 6 for units in line.addons.values())


def test_a_tampered_checkout_charges_the_catalogues_price_or_nothing(client, standin):
    make_world()
    sku, price = db.session.execute(select(Variant.sku, Variant.price_minor)).first()
    fill_bag(client, sku=sku, quantity=1)
    form = checkout_form(client)
    client.post(form.action, data=ADDED | form.fields)
    for order in orders():
        assert order.goods_minor == price
        assert order.total_minor >= price
        assert order.currency == "GBP"
        assert order.state != "placed"


def test_no_form_fills_a_row_by_the_names_of_its_fields():
    calls = [
        f"{source.name}:{line} {call}"
        for source in sources.shop()
        for call, line in source.calls()
        if call.endswith(("populate_obj", "form.to_dict", "args.to_dict"))
    ]
    assert calls == []


def guarded() -> dict[str, list[Any]]:
    db.session.rollback()
    found = {
        model.__tablename__: db.session.execute(
            select(model.id, *(getattr(model, name) for name in names)).order_by(model.id)
        ).all()
        for model, names in GUARDED.items()
    }
    db.session.rollback()
    return found


def every_form(app, browser: InspectingClient, world) -> list[Form]:
    """Each form that posts, of each page this client may see."""
    seen: dict[tuple[str, frozenset[str]], Form] = {}
    for rule in rules(app, "GET"):
        answer = browser.get(world.address(rule))
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for form in forms(answer.text, here=world.address(rule)):
                if form.method == "post" and form.action.startswith("/") and form.action != "/logout":
                    seen.setdefault((form.action, frozenset(form.names)), form)
    return list(seen.values())
