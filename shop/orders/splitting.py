"""Some units of a line go another way than the rest: they become a line of their own, with their own stored shares."""

from __future__ import annotations

from sqlalchemy import func, select

from shop.core.db import db
from shop.core.errors import Refused
from shop.orders.models import OrderLine

FACTS = (
    *("order_id", "parent_position", "kind", "variant_id", "package_id", "addon_id", "box_id", "stock_id", "name"),
    *("statement_name", "details", "list_minor", "vat_percent", "expected_on"),
)


def units_here(line: OrderLine) -> int:
    """What has neither left nor been called off."""
    return line.quantity - line.done - line.called_off


def apart(line: OrderLine, units: int) -> OrderLine:
    """So many of the units that are still here as a line of their own; the line itself when that is all there is of it.

    The order is locked by the caller. Not a penny moves: each unit keeps the share it was sold for.
    """
    here = units_here(line)
    if not 1 <= units <= here:
        raise Refused(f"Choose from 1 to {here}." if here else "Nothing of this line is left here.", field="units")
    if units == here and not line.done and not line.called_off:
        return line
    end = line.quantity - line.called_off
    start = end - units
    last = db.session.scalar(select(func.max(OrderLine.position)).where(OrderLine.order_id == line.order_id))
    new = OrderLine(**{name: getattr(line, name) for name in FACTS}, position=int(last or 0) + 1, done=0, called_off=0)
    new.unit_gross, new.unit_vat = line.unit_gross[start:end], line.unit_vat[start:end]
    new.quantity, new.gross_minor, new.vat_minor = units, sum(new.unit_gross), sum(new.unit_vat)
    line.unit_gross = line.unit_gross[:start] + line.unit_gross[end:]
    line.unit_vat = line.unit_vat[:start] + line.unit_vat[end:]
    line.quantity -= units
    line.gross_minor -= new.gross_minor
    line.vat_minor -= new.vat_minor
    db.session.add(new)
    db.session.flush()
    return new
