"""Goods are packed by scanning, sent in parts, taken from other lots, missed on the shelf and sent again; the sums hold."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from shop.checking import all_differences
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.inventory.bins import bins_of, put_in_bin
from shop.inventory.delivering import shelve
from shop.inventory.models import Lot, Stock, StockMovement
from shop.inventory.scanning import open_sheet, scan
from shop.orders.fulfilling import mark_collected, mark_ready, mark_shipped
from shop.orders.missing import Way, not_there
from shop.orders.models import Order, OrderLine, Parcel, Withdrawal
from shop.orders.packing import pack, scanned_into
from shop.orders.picking import pick_list
from shop.orders.reallocating import take_from
from shop.orders.recalling import who_got
from shop.orders.replacing import replace
from shop.orders.withdrawing import withdraw
from tests.orders.buying import place_order
from tests.support.factories import make_stock, make_variant
from tests.support.racing import together

BY = "user:1"


@pytest.fixture
def serum(app):
    variant = make_variant(price_minor=1000)
    db.session.commit()
    return variant


def lot(variant, code, units, days=400):
    stock = make_stock(variant, units, lot=code, expires_on=shop_clock.today() + timedelta(days=days))
    db.session.commit()
    return stock.id


def lines(order):
    rows = select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def lots(order):
    code = select(Lot.code).join(Stock, Stock.lot_id == Lot.id)
    return [(line.quantity, db.session.scalar(code.where(Stock.id == line.stock_id)), line.done) for line in lines(order)]


def send(order, cause, **chosen):
    mark_shipped(order, carrier="DPD", tracking="", cause=cause, by=BY, **chosen)
    db.session.commit()


def told(mailbox, order, words):
    """How many e-mails to the client say so."""
    return sum(words in mail.text for mail in mailbox.to(order.email))


def agrees(order):
    """Nothing was won or lost: the lines add up to the order, and each to its units."""
    assert sum(line.gross_minor for line in lines(order)) == order.total_minor
    assert all(len(line.unit_gross) == line.quantity for line in lines(order) if line.kind == "variant")
    assert all_differences() == []


def test_a_part_is_sent_and_the_rest_follows(serum, mailbox):
    lot(serum, "A", 5)
    order = place_order((serum, 3))
    (line,) = lines(order)
    send(order, "one", chosen={line.id: 2})
    assert (order.fulfilment, lines(order)[0].done) == ("part", 2)
    assert told(mailbox, order, f"In this parcel: 2 × {line.name}. The rest follows")
    send(order, "one", chosen={line.id: 2})
    assert lines(order)[0].done == 2
    send(order, "two")
    assert (order.fulfilment, lines(order)[0].done) == ("done", 3)
    assert db.session.scalars(select(Parcel.lines).order_by(Parcel.id)).all() == [[[line.id, 2]], [[line.id, 1]]]
    agrees(order)


@pytest.mark.parametrize("units", [0, 4, -1, 10**9])
def test_no_more_is_sent_than_there_is_and_not_nothing(serum, units):
    lot(serum, "A", 5)
    order = place_order((serum, 3))
    with pytest.raises(Refused):
        send(order, "one", chosen={lines(order)[0].id: units})
    db.session.rollback()
    assert order.fulfilment == "open"


def test_the_rest_of_a_line_that_has_begun_to_leave_is_taken_from_another_lot(serum):
    first, other = lot(serum, "A", 5, 100), lot(serum, "B", 5, 400)
    order = place_order((serum, 3))
    send(order, "one", chosen={lines(order)[0].id: 1})
    take_from(order, lines(order)[0].id, "B", cause="desk", by=BY)
    take_from(order, lines(order)[0].id, "B", cause="desk", by=BY)
    db.session.commit()
    assert lots(order) == [(1, "A", 1), (2, "B", 0)]
    send(order, "two")
    assert [one.units for one in who_got(db.session.get_one(Stock, first).lot_id)] == [1]
    assert [one.units for one in who_got(db.session.get_one(Stock, other).lot_id)] == [2]
    agrees(order)


def test_scanning_packs_and_another_lot_is_taken_over(serum):
    lot(serum, "A", 5, 100)
    lot(serum, "B", 1, 400)
    order = place_order((serum, 3))
    assert pack(order, serum.sku, lot="A", cause="1", by=BY).was == ""
    assert pack(order, serum.sku, lot="B", cause="2", by=BY) == pack_of(order, "B", "A")
    assert pack(order, serum.sku, cause="3", by=BY).lot == "A"
    db.session.commit()
    assert lots(order) == [(2, "A", 0), (1, "B", 0)]
    assert sorted(scanned_into(order).values()) == [1, 2]
    with pytest.raises(Refused, match="in the parcel already"):
        pack(order, serum.sku, cause="4", by=BY)
    db.session.rollback()
    send(order, "out", chosen=scanned_into(order))
    assert (order.fulfilment, scanned_into(order)) == ("done", {})
    agrees(order)


def pack_of(order, lot_code, was):
    from shop.orders.packing import Packed

    return Packed(lines(order)[0].name, lot_code, was)


def test_the_same_scan_twice_is_one_and_a_stranger_is_refused(serum):
    lot(serum, "A", 5)
    order, other = place_order((serum, 2)), make_variant(stock=1)
    for _ in range(2):
        pack(order, serum.sku, cause="1", by=BY)
    assert scanned_into(order) == {lines(order)[0].id: 1}
    with pytest.raises(Refused, match="does not belong in this parcel"):
        pack(order, other.sku, cause="2", by=BY)


def test_a_lot_past_its_date_does_not_leave(serum, clock):
    lot(serum, "A", 5, 100)
    order = place_order(serum)
    db.session.commit()
    clock.shift(timedelta(days=101))
    with pytest.raises(Refused, match="past its date"):
        send(order, "one")


def test_the_pick_list_goes_by_place_and_adds_up_what_is_the_same(serum):
    other = make_variant()
    lot(serum, "A", 9)
    lot(other, "X", 9)
    put_in_bin(serum.id, "b 2")
    put_in_bin(other.id, "A 1")
    first, second = place_order((serum, 2), other), place_order(serum)
    said = [(pick.bin, pick.lot, pick.units, [number for number, _ in pick.orders]) for pick in pick_list()]
    assert said == [("A 1", "X", 1, [first.number]), ("B 2", "A", 3, [first.number, second.number])]
    put_in_bin(serum.id, "")
    assert bins_of([serum.id]) == {}


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


def test_a_lost_parcel_goes_again_at_no_cost_once(serum, mailbox):
    shelf = lot(serum, "A", 5)
    order = place_order((serum, 2))
    (line,) = lines(order)
    send(order, "out")
    parcel = db.session.scalars(select(Parcel.id)).one()
    for _ in range(2):
        replace(order, parcel, chosen={line.id: 2}, why="lost", cause="r", by=BY)
        db.session.commit()
    again = lines(order)[-1]
    assert (again.quantity, again.gross_minor, again.stock_id, len(lines(order))) == (2, 0, shelf, 2)
    assert order.fulfilment == "part"
    assert told(mailbox, order, "at no cost")
    send(order, "second")
    assert (order.fulfilment, db.session.get_one(Stock, shelf).on_hand) == ("done", 1)
    agrees(order)


def test_a_replacement_from_an_empty_shelf_is_owed_and_no_more_than_was_in_the_parcel(serum):
    lot(serum, "A", 2)
    order = place_order((serum, 2))
    (line,) = lines(order)
    send(order, "out")
    parcel = db.session.scalars(select(Parcel.id)).one()
    for chosen in ({line.id: 3}, {}, {line.id + 99: 1}):
        with pytest.raises(Refused):
            replace(order, parcel, chosen=chosen, why="damaged", cause="x", by=BY)
        db.session.rollback()
    replace(order, parcel, chosen={line.id: 1}, why="damaged", cause="r", by=BY)
    db.session.commit()
    assert lines(order)[-1].stock_id is None
    db.session.execute(update(Order).values(state="cancelled"))
    with pytest.raises(Conflict):
        replace(order, parcel, chosen={line.id: 1}, why="damaged", cause="q", by=BY)
    db.session.rollback()
    assert db.session.scalar(select(func.count(StockMovement.id)).where(StockMovement.cause.contains("replace"))) == 0


def test_two_desks_that_swap_lots_crosswise_never_lock_each_other_out(app, serum):
    lot(serum, "A", 40, 100)
    lot(serum, "B", 40, 400)
    orders = [place_order((serum, 1)) for _ in range(8)]
    ids = [(order.id, lines(order)[0].id) for order in orders]
    for order, line_id in [(one, line) for one, (_, line) in zip(orders, ids, strict=True)][::2]:
        take_from(order, line_id, "B", cause=f"first:{line_id}", by=BY)
    db.session.commit()

    def swap(order_id, line_id, code, turn):
        take_from(db.session.get_one(Order, order_id), line_id, code, cause=f"{turn}:{line_id}", by=BY)

    for turn in range(3):
        codes = ("A", "B") if turn % 2 == 0 else ("B", "A")
        acts = [lambda ids=pair, n=n, turn=turn, codes=codes: swap(*ids, codes[n % 2], turn) for n, pair in enumerate(ids)]
        assert together(app, acts) == ["done"] * 8
    assert all_differences() == []


def test_a_shelf_whose_lot_ends_too_soon_is_not_called_sellable(serum):
    from shop.inventory.reporting import shelf_of

    lot(serum, "A", 5, days=20)
    shelf = shelf_of(serum.id)
    assert (shelf.available, shelf.sellable) == (5, 0)
