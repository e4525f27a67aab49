"""Goods that an order is owed are taken from the next delivery: who has waited longest is served first."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update

from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.core.settings import setting
from shop.inventory import holding
from shop.inventory.choosing import shelf_for
from shop.orders.models import Order, OrderLine
from shop.orders.splitting import units_here

OWED = (
    OrderLine.kind == "variant",
    OrderLine.stock_id.is_(None),
    OrderLine.quantity > OrderLine.done + OrderLine.called_off,
)


def hear_received(*, variant_ids: Iterable[int], by: str) -> None:
    """Hears "stock.received" in its transaction: every owed line that fits on a shelf is promised again."""
    mine = select(OrderLine.id, OrderLine.order_id).join(Order, Order.id == OrderLine.order_id)
    rows = mine.where(OrderLine.variant_id.in_(list(variant_ids)), Order.state == "placed", *OWED)
    for line_id, order_id in db.session.execute(rows.order_by(Order.id, OrderLine.id)).all():
        _lock(order_id)
        line = db.session.get_one(OrderLine, line_id, populate_existing=True)
        if line.stock_id is None and units_here(line):
            _promise(line, by=by)


def fill(order: Order, line_id: int, *, by: str) -> None:
    """Promise an owed line from what is on the shelves now. Raises Refused when no shelf has enough."""
    _lock(order.id)
    line = one_or_404(select(OrderLine).where(OrderLine.id == line_id, OrderLine.order_id == order.id), "No such line.")
    if line.kind != "variant" or line.stock_id is not None or not units_here(line):
        raise Conflict("This line is not waiting for goods.")
    if not _promise(line, by=by):
        raise Refused("No shelf has enough of it yet.")


def sold_in(order: Order) -> str:
    """The country whose law holds for the goods: where they are handed over."""
    return setting("clinic.country") if order.delivery == "collect" else order.country


def _lock(order_id: int) -> None:
    changed(update(Order).where(Order.id == order_id).values(state=Order.state))


def _promise(line: OrderLine, *, by: str) -> bool:
    units = units_here(line)
    order = db.session.get_one(Order, line.order_id)
    stock = shelf_for(line.variant_id or 0, units, country=sold_in(order))
    if stock is None:
        return False
    holding.allocate_unheld([(stock.id, units)], cause=f"owed:{line.id}:{line.quantity}", by=by)
    line.stock_id, line.expected_on = stock.id, None
    db.session.flush()
    holding.refresh_in_stock([stock.variant_id])
    number = db.session.scalar(select(Order.number).where(Order.id == line.order_id))
    record(f"order:{number}", axis="owed", was=None, now="on the shelf", by=by, note=f"{units} × {line.name}")
    return True
