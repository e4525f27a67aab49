"""Several buyers at once, each on a connection of its own: nobody waits for ever and nothing is promised twice."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from shop.catalog.models import Product, Variant
from shop.core.db import db
from shop.inventory import holding
from shop.inventory.models import Stock
from tests.support.factories import make_product, make_stock, make_variant
from tests.support.racing import together
from tests.support.tills import counters


@pytest.fixture
def shelves(app):
    found = [make_stock(make_variant(), 40).id for _ in range(2)]
    db.session.commit()
    return found


def test_two_things_wanted_in_opposite_order_never_lock_each_other_out(app, shelves):
    first, second = shelves
    acts = [
        lambda pair=([(first, 1), (second, 1)] if n % 2 else [(second, 1), (first, 1)]): holding.hold(pair)
        for n in range(12)
    ]
    for _ in range(3):
        assert together(app, acts) == ["done"] * 12
    assert counters() == (80, 0, 72)


def test_the_last_five_are_promised_to_five(app):
    shelf = make_stock(make_variant(), 5).id
    db.session.commit()
    results = together(app, [lambda: holding.hold([(shelf, 1)])] * 16)
    assert sorted(results) == ["SoldOut"] * 11 + ["done"] * 5
    assert counters() == (5, 0, 5)


def test_holding_lapsing_and_placing_at_once_lose_nothing(app, shelves):
    first, second = shelves
    both = [(first, 2), (second, 2)]
    holding.hold([(first, 20), (second, 20)])
    db.session.commit()
    acts = [lambda: holding.hold(both)] * 4 + [lambda: holding.release(both)] * 4
    acts += [lambda n=n: holding.allocate(both[::-1], cause=f"order:{n}", by="x") for n in range(4)]
    random.Random(7).shuffle(acts)
    assert together(app, acts) == ["done"] * 12
    assert counters() == (80, 16, 40 - 16)


def test_marks_of_what_can_be_bought_are_right_after_a_race(app):
    """Each takes the last piece of one size and puts one back of another, then counts the marks anew."""
    make_product(variants=6, stock=1)
    db.session.commit()
    rows = db.session.execute(select(Stock.id, Stock.variant_id).order_by(Stock.id)).all()
    db.session.rollback()

    def take(row):
        holding.hold([(row.id, 1)])
        holding.refresh_in_stock([other.variant_id for other in rows])

    def give(row):
        holding.release([(row.id, 1)])
        holding.refresh_in_stock([other.variant_id for other in reversed(rows)])

    assert together(app, [lambda row=row: take(row) for row in rows]) == ["done"] * 6
    assert not db.session.scalar(select(Product.in_stock))
    db.session.rollback()
    mixed = [lambda row=row: give(row) for row in rows]
    assert together(app, mixed) == ["done"] * 6
    assert set(db.session.scalars(select(Variant.in_stock))) == {True}
    assert db.session.scalar(select(Product.in_stock))
