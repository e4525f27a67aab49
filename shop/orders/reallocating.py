"""Goods of an order are taken from another lot than the one that was promised: scanned, set aside or empty."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from shop.core import clock
from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.inventory import holding
from shop.inventory.models import Lot, Stock, StockMovement
from shop.orders.models import Order, OrderLine
from shop.orders.pack_models import PackScan
from shop.orders.splitting import apart, units_here

SHORT = "That lot has too few left for this line."


def take_from(order: Order, line_id: int, lot_code: str, *, cause: str, by: str, units: int | None = None) -> OrderLine:
    """Promise what is left of a line, or some units of it, from another lot of the same article; says which line has it.

    The same cause twice is one change. Raises Refused for a lot that is unknown, not open, over or has too few,
    Conflict for a line of which nothing is left here.
    """
    changed(update(Order).where(Order.id == order.id).values(state=Order.state))
    line = one_or_404(select(OrderLine).where(OrderLine.id == line_id, OrderLine.order_id == order.id), "No such line.")
    if db.session.scalar(select(StockMovement.id).where(StockMovement.cause == f"deallocate:{cause}").limit(1)):
        return line
    if order.state != "placed" or line.stock_id is None or not units_here(line):
        raise Conflict("Nothing of this line is left here.")
    stock, lot = _shelf(line, lot_code)
    if stock.id == line.stock_id:
        return line
    holding.lock([line.stock_id, stock.id])
    was_id, line = line.stock_id, apart(line, units or units_here(line))
    units = units_here(line)
    was = db.session.scalar(select(Lot.code).join(Stock, Stock.lot_id == Lot.id).where(Stock.id == was_id))
    holding.deallocate([(was_id, units)], cause=cause, by=by, reason=f"taken from lot {lot.code} instead")
    try:
        holding.allocate_unheld([(stock.id, units)], cause=cause, by=by)
    except holding.SoldOut:
        raise Refused(SHORT, field="lot") from None
    line.stock_id = stock.id
    db.session.execute(delete(PackScan).where(PackScan.line_id == line.id))
    db.session.flush()
    record(f"order:{order.number}", axis="lot", was=was, now=lot.code, by=by, note=line.name)
    holding.refresh_in_stock([stock.variant_id])
    return line


def _shelf(line: OrderLine, lot_code: str) -> tuple[Stock, Lot]:
    rows = select(Stock, Lot).join(Lot, Lot.id == Stock.lot_id).where(Stock.variant_id == line.variant_id)
    most_first = (Stock.on_hand - Stock.allocated - Stock.held).desc()
    row = db.session.execute(rows.where(Lot.code == lot_code.strip()).order_by(most_first, Stock.id)).first()
    if row is None:
        raise Refused(f"There is no lot “{lot_code.strip()[:40]}” of this article on the shelf.", field="lot")
    if row[1].state != "open":
        raise Refused(f"Lot {row[1].code} is set aside; nothing may leave from it.", field="lot")
    if row[1].expires_on is not None and row[1].expires_on <= clock.today():
        raise Refused(f"Lot {row[1].code} is past its date; nothing may leave from it.", field="lot")
    return row[0], row[1]
