"""The shelf is empty: goods wait, follow, are replaced with consent or paid back, and the sums hold."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.inventory.delivering import shelve
from shop.inventory.models import Stock
from shop.inventory.scanning import open_sheet, scan
from shop.orders.fulfilling import mark_collected, mark_ready
from shop.orders.missing import Way, not_there
from shop.orders.models import Withdrawal
from shop.orders.withdrawing import withdraw
from tests.orders.buying import place_order
from tests.orders.parcels import BY, agrees, lines, lot, lots, send, told
from tests.support.factories import make_variant


def test_ready_goods_are_handed_over_and_what_is_owed_stays_owed(serum):
    lot(serum, "A", 5)
    order = place_order((serum, 3), delivery="collect")
    miss(order, "split", units=1, until=shop_clock.today() + timedelta(days=9))
    mark_ready(order, cause="r", by=BY)
    mark_collected(order, cause="c", by=BY)
    db.session.commit()
    assert (order.fulfilment, [line.done for line in lines(order)]) == ("part", [2, 0])
    agrees(order)


def miss(order, way, *, units=1, cause="m", **facts):
    not_there(order, lines(order)[0].id, units=units, way=Way(way, **facts), cause=cause, by=BY)
    db.session.commit()


@pytest.mark.parametrize("way", ["wait", "split"])
def test_what_is_not_on_the_shelf_comes_later_and_from_the_next_delivery(serum, mailbox, way):
    shelf = lot(serum, "A", 2)
    order = place_order((serum, 2))
    for _ in range(2):
        miss(order, way, until=shop_clock.today() + timedelta(days=3))
    owed = lines(order)[-1]
    assert (owed.quantity, owed.stock_id, owed.expected_on) == (1, None, shop_clock.today() + timedelta(days=3))
    assert (db.session.get_one(Stock, shelf).on_hand, db.session.get_one(Stock, shelf).allocated) == (1, 1)
    assert told(mailbox, order, "We expect it on")
    assert told(mailbox, order, "We expect it on") == 1
    agrees(order)
    send(order, "out")
    assert order.fulfilment == "part"
    with pytest.raises(Refused, match="Nothing of this order"):
        send(order, "again")
    db.session.rollback()
    sheet = open_sheet("delivery", reference="Solenne", cause="d", by=BY)
    scan(sheet, serum.sku, units=3, lot="B", cause="s", by=BY)
    shelve(sheet, by=BY)
    db.session.commit()
    assert lots(order)[-1] == (1, "B", 0)
    send(order, "rest")
    assert order.fulfilment == "done"
    agrees(order)


def test_something_else_goes_with_consent_at_the_price_that_was_paid(serum, mailbox):
    lot(serum, "A", 2)
    other = make_variant(price_minor=5000)
    shelf = lot(other, "X", 4)
    order = place_order((serum, 2))
    with pytest.raises(Refused, match="how the client agreed"):
        miss(order, "substitute", sku=other.sku)
    db.session.rollback()
    miss(order, "substitute", sku=other.sku, agreed="by phone, 3 May")
    assert lines(order)[-1].stock_id == shelf
    assert lines(order)[-1].details["instead_of"] == lines(order)[0].name
    assert told(mailbox, order, "at the price you paid")
    assert (order.total_minor, db.session.get_one(Stock, shelf).allocated) == (2000, 1)
    agrees(order)


def test_what_is_missing_is_paid_back_by_its_own_share(serum):
    shelf = lot(serum, "A", 3)
    order = place_order((serum, 3))
    miss(order, "refund", units=2)
    assert db.session.scalars(select(Withdrawal.refund_minor)).one() == 2000
    stock = db.session.get_one(Stock, shelf)
    assert (stock.on_hand, stock.allocated) == (1, 1)
    assert sum(line.called_off for line in lines(order)) == 2
    assert all_differences() == []


@pytest.mark.parametrize(("way", "facts", "units"), [
    ("wait", {}, 1), ("wait", {"until": "today"}, 1), ("substitute", {"agreed": "yes", "sku": "nothing"}, 1),
    ("nonsense", {}, 1), ("refund", {}, 4), ("refund", {}, 0),
])  # fmt: skip
def test_a_finding_that_is_not_complete_changes_nothing(serum, way, facts, units):
    shelf = lot(serum, "A", 3)
    order = place_order((serum, 3))
    facts = {**facts, "until": shop_clock.today()} if "until" in facts else facts
    with pytest.raises(Refused):
        miss(order, way, units=units, **facts)
    db.session.rollback()
    assert db.session.get_one(Stock, shelf).on_hand == 3
    assert len(lines(order)) == 1


def test_owed_goods_can_be_called_off_without_touching_a_shelf(serum):
    shelf = lot(serum, "A", 2)
    order = place_order((serum, 2))
    miss(order, "wait", units=2, until=shop_clock.today() + timedelta(days=3))
    withdraw(order, by=BY, cause="w")
    db.session.commit()
    assert db.session.scalars(select(Withdrawal.refund_minor)).one() == 2000
    assert (db.session.get_one(Stock, shelf).on_hand, order.state, order.fulfilment) == (0, "cancelled", "cancelled")
    assert all_differences() == []
