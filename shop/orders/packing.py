"""A parcel is packed scan by scan: what does not belong in it is refused, another lot than the promised one is taken over."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Conflict, Refused
from shop.inventory.finding import get_article
from shop.inventory.models import Lot, Stock
from shop.inventory.reading_codes import read_code
from shop.orders.models import Order, OrderLine
from shop.orders.pack_models import PackScan
from shop.orders.reallocating import take_from
from shop.orders.splitting import units_here


@dataclass(frozen=True)
class Packed:
    """What one scan has done: `was` names the lot that had been promised when another one was taken."""

    name: str
    lot: str
    was: str = ""


def scanned_into(order: Order) -> dict[int, int]:
    """line → units in the open parcel."""
    sums = select(PackScan.line_id, func.sum(PackScan.units)).where(PackScan.order_id == order.id)
    return {line_id: int(units) for line_id, units in db.session.execute(sums.group_by(PackScan.line_id))}


def pack(order: Order, code: str, *, lot: str = "", units: int = 1, cause: str, by: str) -> Packed:
    """Put what the code names into the parcel. The same cause twice is one scan. Locks the order.

    Raises Refused for an article that is not in the order, or more of it than was bought.
    """
    changed(update(Order).where(Order.id == order.id).values(state=Order.state))
    read = read_code(code)
    variant = get_article(read.article)
    if order.state != "placed":
        raise Conflict("This order does not wait for its goods.")
    lines = _waiting(order, variant.id)
    known = db.session.scalar(select(PackScan.line_id).where(PackScan.cause == cause))
    if known is not None:
        return Packed(variant.sku, lot or read.lot)
    wanted = lot.strip() or read.lot
    line, its_lot, free = _line_for(lines, wanted, variant.sku)
    if not 1 <= units <= free:
        raise Refused(f"Only {free} more of it belong in this parcel.", field="units")
    was = ""
    if wanted and wanted != its_lot:
        was = its_lot
        line = take_from(order, line.id, wanted, units=_as_many(line, wanted, free, units), cause=cause, by=by)
        its_lot = wanted
    row = {"order_id": order.id, "line_id": line.id, "units": units, "cause": cause, "by": by, "at": clock.now()}
    db.session.execute(insert(PackScan).values(**row))
    return Packed(line.name, its_lot, was)


def unpack(order: Order) -> None:
    """Everything out of the parcel again; nothing has moved on the shelves."""
    db.session.execute(delete(PackScan).where(PackScan.order_id == order.id))


Row = tuple[OrderLine, str, int]


def _waiting(order: Order, variant_id: int) -> list[Row]:
    """(line, lot, units not scanned yet) of one article, in the order of the lines."""
    inside = scanned_into(order)
    rows = (
        select(OrderLine, Lot.code)
        .join(Stock, Stock.id == OrderLine.stock_id)
        .join(Lot, Lot.id == Stock.lot_id)
        .where(OrderLine.order_id == order.id, OrderLine.variant_id == variant_id)
        .order_by(OrderLine.position)
    )
    found = [(line, code, units_here(line) - inside.get(line.id, 0)) for line, code in db.session.execute(rows)]
    return [row for row in found if units_here(row[0]) > 0]


def _line_for(lines: list[Row], lot: str, sku: str) -> Row:
    if not lines:
        raise Refused(f"{sku} does not belong in this parcel.", field="code")
    open_lines = [row for row in lines if row[2] > 0]
    if not open_lines:
        raise Refused(f"All of {sku} is in the parcel already.", field="code")
    return next((row for row in open_lines if row[1] == lot), open_lines[0])


def _as_many(line: OrderLine, lot: str, free: int, least: int) -> int:
    """The rest of the line, as far as the scanned lot reaches."""
    left = Stock.on_hand - Stock.allocated - Stock.held
    rows = select(func.max(left)).join(Lot, Lot.id == Stock.lot_id)
    there = db.session.scalar(rows.where(Stock.variant_id == line.variant_id, Lot.code == lot))
    return max(least, min(free, int(there or 0)))
