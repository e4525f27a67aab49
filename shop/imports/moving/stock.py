"""Opening stock: what stands on the shelf on the day the shop begins, by size, lot and end."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from shop.catalog.models import Variant
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.imports.moving.shapes import NEW, SAME, Facts, day, needed, whole
from shop.imports.reading import Line
from shop.inventory.models import StockMovement
from shop.inventory.receiving import receive

COLUMNS = ("sku", "units", "lot", "expires_on")
EXAMPLE = ("SOL-CALM-30", "12", "L2409", "2028-03-31")


def bring(line: Line, facts: Facts) -> tuple[str, str]:
    """Returns (new or same, the words for it). The same size and lot comes in once, whatever its number. Raises Refused."""
    code, units = needed(line, "sku"), whole(line, "units")
    rows = select(Variant).where(or_(Variant.sku == code, Variant.barcode == code)).limit(2)
    found = db.session.scalars(rows).all()
    if len(found) != 1:
        raise Refused(f"“{code[:64]}” is no SKU or EAN of this shop.", field="sku")
    lot, expires_on = line.get("lot")[:64], day(line, "expires_on") if line.get("expires_on") else None
    if expires_on and expires_on < clock.today():
        raise Refused("It has ended already: it cannot be sold.", field="expires_on")
    words = f"{found[0].sku}: {units} units" + (f" of lot {lot}" if lot else "")
    cause = f"moved-in:{found[0].sku}:{lot}"
    if cause in facts.seen:
        raise Refused("This size and lot stand in the file twice.", field="sku")
    facts.seen.add(cause)
    if db.session.scalar(select(StockMovement.id).where(StockMovement.cause == cause).limit(1)) is not None:
        return SAME, words
    about: dict[str, Any] = {"cause": cause, "by": facts.by, "expires_on": expires_on, "reason": "opening stock"}
    receive(found[0].id, units=units, **about | ({"lot": lot} if lot else {}))
    return NEW, words
