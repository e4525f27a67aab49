"""What was lost or came damaged goes again, at no cost and once."""

import pytest
from sqlalchemy import func, select, update

from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.inventory.models import Stock, StockMovement
from shop.orders.models import Order, Parcel
from shop.orders.replacing import replace
from tests.orders.buying import place_order
from tests.orders.parcels import BY, agrees, lines, lot, send, told


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
