"""Stock is promised by one conditional statement per shelf: what is not there is promised to nobody."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.inventory import holding
from shop.inventory.checking import differences
from shop.inventory.holding import SoldOut
from shop.inventory.models import Stock, StockMovement
from shop.inventory.receiving import adjust, receive
from tests.support.factories import make_product, make_stock, make_variant
from tests.support.tills import counters

FACTS = {"by": "the tests"}


@pytest.fixture
def shelf(app):
    """The id of a shelf with five pieces."""
    return make_stock(make_variant(), 5).id


def test_held_units_are_not_available_to_others(shelf):
    holding.hold([(shelf, 4)])
    with pytest.raises(SoldOut):
        holding.hold([(shelf, 2)])
    assert db.session.get(Stock, shelf, populate_existing=True).available == 1


def test_demand_for_one_shelf_is_added_up_before_it_is_asked_for(shelf):
    with pytest.raises(SoldOut):
        holding.hold([(shelf, 3), (shelf, 3)])
    db.session.rollback()


def test_one_shelf_too_few_changes_none(app):
    first, second = make_stock(make_variant(), 5).id, make_stock(make_variant(), 1).id
    db.session.commit()
    with pytest.raises(SoldOut):
        holding.hold([(first, 2), (second, 2)])
    db.session.rollback()
    assert counters() == (6, 0, 0)


def test_nothing_is_asked_for_nothing(app):
    for act in (holding.hold, holding.release):
        act([])
    holding.allocate([], cause="order:1", **FACTS)


def test_more_cannot_be_released_than_is_held(shelf):
    holding.hold([(shelf, 2)])
    with pytest.raises(SoldOut):
        holding.release([(shelf, 3)])


def test_allocation_needs_what_was_held(shelf):
    with pytest.raises(SoldOut):
        holding.allocate([(shelf, 1)], cause="order:1", **FACTS)


def test_goods_leave_once_they_are_allocated(shelf):
    holding.hold([(shelf, 2)])
    holding.allocate([(shelf, 2)], cause="order:1", **FACTS)
    holding.dispatch([(shelf, 2)], cause="parcel:1", **FACTS)
    db.session.commit()
    assert counters() == (3, 0, 0)
    with pytest.raises(SoldOut):
        holding.dispatch([(shelf, 1)], cause="parcel:2", **FACTS)
    db.session.rollback()
    assert differences({}) == []


def test_the_same_cause_moves_a_shelf_once(shelf):
    holding.hold([(shelf, 4)])
    holding.allocate([(shelf, 2)], cause="order:1", **FACTS)
    with pytest.raises(IntegrityError):
        holding.allocate([(shelf, 2)], cause="order:1", **FACTS)
    db.session.rollback()


def test_what_is_promised_cannot_be_counted_away(shelf):
    holding.hold([(shelf, 3)])
    with pytest.raises(Refused, match="promised"):
        adjust(db.session.get(Stock, shelf), units=-3, cause="count:1", reason="counted", **FACTS)


def test_a_correction_needs_a_reason(shelf):
    with pytest.raises(Refused, match="why"):
        adjust(db.session.get(Stock, shelf), units=-1, cause="count:1", reason=" ", **FACTS)


@pytest.mark.parametrize("units", [0, -1])
def test_nothing_cannot_be_received(app, units):
    with pytest.raises(Refused):
        receive(make_variant().id, units=units, cause="delivery:1", **FACTS)


@pytest.mark.parametrize(
    "counters",
    [{"held": 6}, {"allocated": 6}, {"held": 3, "allocated": 3}, {"held": -1}, {"allocated": -1}, {"on_hand": -1}],
)
def test_the_database_itself_refuses_a_promise_that_is_not_there(shelf, counters):
    with pytest.raises(IntegrityError):
        db.session.execute(update(Stock).where(Stock.id == shelf).values(**counters))
    db.session.rollback()


def test_a_movement_that_moves_nothing_is_refused(shelf):
    db.session.add(StockMovement(stock_id=shelf, kind="x", cause="x", by="x", at=clock.now()))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("act", ["update stock_movement set on_hand_change = 9", "delete from stock_movement"])
def test_movements_never_change(shelf, act):
    from sqlalchemy import text

    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(act))
    db.session.rollback()


def test_the_check_finds_a_counter_that_nobody_explains(shelf):
    db.session.execute(update(Stock).where(Stock.id == shelf).values(held=2))
    assert differences({}) == [f"stock {shelf}: held is 2, its rows add up to 0"]
    assert differences({shelf: 2}) == []
    db.session.execute(update(Stock).where(Stock.id == shelf).values(on_hand=4))
    assert len(differences({shelf: 2})) == 1


def test_the_last_piece_takes_the_mark_of_what_can_be_bought_away(app):
    product = make_product(stock=2)
    stock = db.session.scalars(select(Stock)).one()
    holding.hold([(stock.id, 2)])
    holding.refresh_in_stock([stock.variant_id])
    assert not db.session.scalar(select(Variant.in_stock))
    assert not db.session.scalar(select(Product.in_stock).where(Product.id == product.id))
    holding.release([(stock.id, 1)])
    holding.refresh_in_stock([stock.variant_id])
    assert db.session.scalar(select(Product.in_stock).where(Product.id == product.id))
