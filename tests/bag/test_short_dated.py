"""A serum that lasts 42 days: a lot that ends sooner is offered as such and sold on a tick; near its end it is not sold."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shop.bag.models import BagLine
from shop.catalog.models import Product, Variant
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.settings import change_setting
from shop.core.templating import day
from shop.inventory import ageing
from shop.inventory.models import Lot, Stock
from shop.orders.models import Order, OrderLine
from tests.orders.buying import place_order
from tests.support.factories import make_product, make_stock
from tests.support.forms import forms
from tests.support.journeys import fill_bag
from tests.support.tills import sku_of


@pytest.fixture
def serum(app):
    """30 ml at 0.7 ml a day, three days on the way, never less than fourteen days of use."""
    product = make_product(amount_per_use_ml="0.35", uses_per_day=2)
    variant = db.session.scalars(select(Variant).where(Variant.product_id == product.id)).one()
    variant.content_amount, variant.content_unit = 30, "ml"
    change_setting("stock.delivery_days", 3, by="the tests")
    change_setting("stock.minimum_days", 14, by="the tests")
    db.session.commit()
    return variant


def lot(variant, code, days, units=5):
    stock = make_stock(variant, units, lot=code, expires_on=in_days(days))
    db.session.commit()
    return stock.id


def in_days(days):
    return shop_clock.today() + timedelta(days=days)


def values(column):
    db.session.rollback()
    found = list(db.session.scalars(select(column)))
    db.session.rollback()
    return found


def page(client):
    return client.get("/bag").text


def tick(client):
    form = next(f for f in forms(page(client), here="/bag") if f.action.endswith("/date"))
    return client.post(form.action, data={**form.fields, "short_dated": values(Lot.expires_on)[0].isoformat()})


def test_a_lot_that_outlives_its_use_goes_before_one_that_does_not(serum):
    short, late = lot(serum, "L1", 30), lot(serum, "L2", 400)
    early = lot(serum, "L3", 50)
    order = place_order((serum, 6))
    rows = db.session.execute(
        select(OrderLine.stock_id, OrderLine.quantity).where(OrderLine.order_id == order.id).order_by(OrderLine.id)
    ).all()
    assert rows == [(early, 5), (late, 1)]
    assert db.session.get_one(Stock, short).allocated == 0


def test_only_short_dated_goods_are_offered_as_such_and_taken_on_a_tick(client, serum):
    stock_id = lot(serum, "L1", 30)
    ends = day(in_days(30), weekday=False, year=True)
    slug = db.session.scalars(select(Product.slug)).one()
    db.session.commit()
    assert f"Short-dated: use by {ends}" in client.get(f"/products/{slug}").text
    fill_bag(client, sku=sku_of(db.session.get(Product, serum.product_id)), quantity=2)
    assert f"is short-dated: use it by {ends}, and one lasts about 42 days." in page(client)
    assert client.get("/checkout").status_code == 303
    assert tick(client).status_code == 303
    assert f"Short-dated, use by {ends}" in page(client)
    assert client.get("/checkout").status_code == 200
    assert values(BagLine.accepts_end) == [in_days(30)]
    assert db.session.get_one(Stock, stock_id).allocated == 0


def test_an_empty_box_is_no_tick(client, serum):
    lot(serum, "L1", 30)
    fill_bag(client, sku=serum.sku)
    line = values(BagLine.id)[0]
    for typed in ({}, {"short_dated": "soon"}):
        answer = client.post(f"/bag/lines/{line}/date", data=typed)
        assert answer.status_code == 422
        assert "Tick the box first" in answer.text
    assert values(BagLine.accepts_end) == [None]


def test_the_tick_on_one_date_is_no_tick_on_a_nearer_one(client, serum):
    lot(serum, "L1", 30)
    fill_bag(client, sku=serum.sku)
    tick(client)
    db.session.execute(update(Lot).values(expires_on=in_days(20)))
    db.session.commit()
    assert client.get("/checkout").status_code == 303
    assert "I take it with this date" in page(client)


def test_the_order_keeps_the_date_that_was_agreed_to(serum):
    lot(serum, "L2", 400, units=1)
    stock_id = lot(serum, "L1", 30)
    order = ticked_order(serum, in_days(30), quantity=3)
    rows = db.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)).all()
    assert [(row.quantity, row.details.get("short_dated")) for row in rows] == [(1, None), (2, in_days(30).isoformat())]
    assert rows[1].stock_id == stock_id
    assert day(in_days(30), weekday=False, year=True) in rows[1].details["detail"]


def ticked_order(variant, ends, *, quantity):
    """The bag's line is agreed to between filling and pricing."""
    from tests.orders import buying

    fill = buying._fill

    def fill_and_agree(owner, thing, **more):
        fill(owner, thing, quantity)
        db.session.execute(update(BagLine).values(accepts_end=ends))

    buying._fill = fill_and_agree
    try:
        return place_order(variant)
    finally:
        buying._fill = fill


@pytest.mark.parametrize(("days", "sold"), [(16, False), (17, True), (0, False), (-1, False)])
def test_nothing_is_sold_below_the_clinics_minimum_or_past_its_date(client, serum, days, sold):
    lot(serum, "L1", days)
    assert db.session.get_one(Variant, serum.id).in_stock is sold
    db.session.commit()
    fill_bag(client, sku=serum.sku)
    assert ("out of stock" in page(client)) is not sold
    assert ("I take it with this date" in page(client)) is sold
    assert client.get("/checkout").status_code == 303
    assert values(Order.id) == []


def test_the_mark_in_the_shop_goes_on_the_day_the_lot_comes_too_near(serum, clock):
    lot(serum, "L1", 18)
    ageing.look_at_dates(day="")
    assert db.session.get_one(Variant, serum.id).in_stock
    db.session.commit()
    clock.shift(timedelta(days=2))
    ageing.look_at_dates(day="")
    db.session.commit()
    assert not db.session.get_one(Variant, serum.id).in_stock
    change_setting("stock.minimum_days", 5, by="the tests")
    db.session.commit()
    ageing.look_at_dates(day="")
    db.session.commit()
    assert db.session.get_one(Variant, serum.id).in_stock


def test_goods_without_a_date_and_products_that_do_not_say_how_long_they_last_are_sold_as_ever(client):
    product = make_product(stock=3)
    variant = db.session.scalars(select(Variant).where(Variant.product_id == product.id)).one()
    lot(variant, "L9", 40)
    fill_bag(client, sku=variant.sku, quantity=8)
    assert client.get("/checkout").status_code == 200
