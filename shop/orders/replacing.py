"""A parcel was lost or came damaged: its goods are sent once more at no price, and the client is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update

from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.history import history_of, record
from shop.inventory import holding
from shop.inventory.choosing import shelf_for
from shop.orders.missing import tell
from shop.orders.models import Order, OrderLine, Parcel
from shop.orders.owing import sold_in

WHY = {"lost": "The parcel was lost", "damaged": "It came damaged", "wrong": "Something else was in it"}
AXIS = "replacement"


def replace(order: Order, parcel_id: int, *, chosen: Mapping[int, int], why: str, cause: str, by: str) -> None:
    """{line: units} of a parcel that has left go again, from the shelf or owed where it is empty. Locks the order.

    The same cause twice is one replacement. Raises Refused for more than was in the parcel.
    """
    changed(update(Order).where(Order.id == order.id).values(state=Order.state))
    db.session.refresh(order)
    if any((row.details or {}).get("cause") == cause for row in history_of(f"order:{order.number}")):
        return
    parcel = one_or_404(select(Parcel).where(Parcel.id == parcel_id, Parcel.order_id == order.id), "No such parcel.")
    if order.state != "placed" or parcel.state != "left":
        raise Conflict("Only what has left can be replaced.")
    if why not in WHY:
        raise Refused("Choose what happened.", field="why")
    inside = {int(line_id): int(units) for line_id, units in parcel.lines}
    wanted = {line_id: units for line_id, units in chosen.items() if units}
    if not wanted or any(not 0 < units <= inside.get(line_id, 0) for line_id, units in wanted.items()):
        raise Refused("Choose what goes again, at most what was in the parcel.", field="units")
    lines = [_again(order, line_id, units, why=why, cause=cause, by=by) for line_id, units in sorted(wanted.items())]
    was = order.fulfilment
    changed(update(Order).where(Order.id == order.id).values(fulfilment="part"))
    facts: dict[str, Any] = {"by": by, "details": {"cause": cause, "parcel": parcel_id}}
    record(f"order:{order.number}", axis=AXIS, was=was, now=why, note=", ".join(lines), **facts)
    db.session.expire(order)
    tell(order, f"{WHY[why]}: we are sorry. We send {', '.join(lines)} again, at no cost.", key=f"replacement:{cause}")


def _again(order: Order, line_id: int, units: int, *, why: str, cause: str, by: str) -> str:
    """A line without a price; a shelf that is empty makes it an owed one."""
    line = db.session.get_one(OrderLine, line_id)
    stock = shelf_for(line.variant_id or 0, units, country=sold_in(order))
    if stock is not None:
        holding.allocate_unheld([(stock.id, units)], cause=f"replace:{cause}:{line_id}", by=by)
        holding.refresh_in_stock([stock.variant_id])
    last = db.session.scalar(select(func.max(OrderLine.position)).where(OrderLine.order_id == order.id))
    nothing = {"list_minor": 0, "gross_minor": 0, "vat_minor": 0, "unit_gross": [0] * units, "unit_vat": [0] * units}
    new = OrderLine(
        order_id=order.id,
        position=int(last or 0) + 1,
        kind="variant",
        variant_id=line.variant_id,
        stock_id=stock.id if stock else None,
        name=line.name,
        statement_name=line.statement_name,
        details={**line.details, "replaces": line.id, "detail": f"Sent again: {WHY[why].lower()}"},
        quantity=units,
        vat_percent=line.vat_percent,
        done=0,
        called_off=0,
        **nothing,
    )
    db.session.add(new)
    db.session.flush()
    return f"{units} × {line.name}"
