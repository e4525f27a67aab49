"""Goods are packed by scanning, sent in parts and taken from other lots; the sums hold."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.core.db import db
from shop.core.errors import Refused
from shop.inventory.bins import bins_of, put_in_bin
from shop.inventory.models import Stock
from shop.orders.models import Order, Parcel
from shop.orders.packing import pack, scanned_into
from shop.orders.picking import pick_list
from shop.orders.reallocating import take_from
from shop.orders.recalling import who_got
from tests.orders.buying import place_order
from tests.orders.parcels import BY, agrees, lines, lot, lots, send, told
from tests.support.factories import make_variant
from tests.support.racing import together


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
