"""Which shelf units are taken from when nobody names one: what outlives its use first, then by date."""

from __future__ import annotations

from sqlalchemy import select

from shop.core.db import db
from shop.inventory.models import Lot, Stock
from shop.inventory.selling import first_end, may_be_sold


def shelf_for(variant_id: int, units: int) -> Stock | None:
    """The first shelf, by date, that may be sold from and holds so many; None when no single one does."""
    left = Stock.on_hand - Stock.allocated - Stock.held
    rows = select(Stock).join(Lot, Lot.id == Stock.lot_id).where(Stock.variant_id == variant_id, left >= units)
    ordered = rows.where(may_be_sold(first_end())).order_by(Lot.expires_on.is_(None), Lot.expires_on, Stock.id)
    return db.session.scalars(ordered.limit(1)).first()
