"""Goods are carried from one location to another: the same lot, on hand there instead of here."""

from __future__ import annotations

import re

from sqlalchemy import insert, select, update

from shop.core import clock
from shop.core.db import changed, db, insert_once, one_or_404
from shop.core.errors import Refused
from shop.inventory.holding import refresh_in_stock
from shop.inventory.models import Location, Stock, StockMovement
from shop.inventory.receiving import main_location

PROMISED = "So many are not free here: the rest is promised to orders."


def locations() -> list[Location]:
    """The first one first; a single one is never mentioned."""
    return list(db.session.scalars(select(Location).order_by(Location.id)))


def add_location(name: str) -> Location:
    """A second shelf that is counted apart. Raises Refused for a name that is taken."""
    name = " ".join(name.split())
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug or len(name) > 60:
        raise Refused("Give it a name of letters or figures.", field="name")
    main_location()
    if not insert_once(Location, unique="slug", slug=slug, name=name):
        raise Refused("There is a location of this name already.", field="name")
    return db.session.scalars(select(Location).where(Location.slug == slug)).one()


def transfer(stock_id: int, *, variant_id: int, to: int, units: int, cause: str, by: str) -> None:
    """Carry units of one lot to another location; the same cause twice is one transfer.

    Both rows are changed in order of their ids, like everything that touches two shelves. Raises Refused for more than
    is free.
    """
    stock = one_or_404(select(Stock).where(Stock.id == stock_id, Stock.variant_id == variant_id), "This shelf is not here.")
    place = one_or_404(select(Location).where(Location.id == to), "There is no such location.")
    if db.session.scalar(select(StockMovement.id).where(StockMovement.cause == f"transfer:{cause}").limit(1)):
        return
    if units <= 0:
        raise Refused("Carry at least one.", field="carried")
    if place.id == stock.location_id:
        raise Refused("It lies there already.", field="to")
    target_id = _row_at(stock, place.id)
    for row_id, change in sorted(((stock.id, -units), (target_id, units))):
        free = Stock.on_hand + change >= Stock.allocated + Stock.held
        if not changed(update(Stock).where(Stock.id == row_id, free).values(on_hand=Stock.on_hand + change)):
            raise Refused(PROMISED, field="carried")
    facts = {"kind": "transfer", "allocated_change": 0, "cause": f"transfer:{cause}", "by": by, "at": clock.now()}
    here = db.session.get_one(Location, stock.location_id)
    moves = [(stock.id, -units, f"to {place.name}"), (target_id, units, f"from {here.name}")]
    rows = [{"stock_id": row_id, "on_hand_change": change, "reason": why, **facts} for row_id, change, why in moves]
    db.session.execute(insert(StockMovement), rows)
    db.session.expire_all()
    refresh_in_stock([variant_id])


def _row_at(stock: Stock, location_id: int) -> int:
    at = {"variant_id": stock.variant_id, "location_id": location_id, "lot_id": stock.lot_id}
    same = [getattr(Stock, name) == value for name, value in at.items()]
    known = db.session.scalar(select(Stock.id).where(*same))
    if known is None:
        new = Stock(**at, on_hand=0, allocated=0, held=0)
        db.session.add(new)
        db.session.flush()
        known = new.id
    return known
