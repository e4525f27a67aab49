"""Once a day the shop forgets what has come too near to its date, and offers again what a changed rule allows."""

from __future__ import annotations

from sqlalchemy import and_, select

from shop.catalog.models import Variant
from shop.core import clock, outbox
from shop.core.db import db
from shop.inventory.holding import refresh_in_stock
from shop.inventory.models import Lot, Stock
from shop.inventory.selling import first_end, may_be_sold

KIND = "stock.daily"


def promise_today() -> None:
    """The worker's sweep says this each minute; the marks in the shop are looked at once on each of the clinic's days."""
    today = clock.today().isoformat()
    outbox.put(KIND, {"day": today}, key=f"{KIND}:{today}")


def look_at_dates(*, day: str) -> None:
    """Outbox handler: the mark "can be bought" of every article whose lots have come too near to their date."""
    first = first_end()
    left = and_(Stock.variant_id == Variant.id, Stock.on_hand - Stock.allocated - Stock.held > 0)
    shelved = select(Variant.id).join(Stock, left).join(Lot, Lot.id == Stock.lot_id).distinct()
    refresh_in_stock(db.session.scalars(shelved.where(Variant.in_stock, Lot.expires_on < first)))
    refresh_in_stock(db.session.scalars(shelved.where(Variant.in_stock.is_(False), may_be_sold(first))))
