"""A shelf is corrected by hand, with a reason from a list and a word of one's own."""

from __future__ import annotations

from sqlalchemy import select

from shop.core.db import db, one_or_404
from shop.core.errors import Refused
from shop.inventory.models import Stock, StockMovement
from shop.inventory.receiving import adjust

REASONS = {
    "broken": "Broken or spilt",
    "tester": "Tester",
    "back-bar": "Used in the treatment room",
    "sample": "Given as a sample",
    "stolen": "Missing or stolen",
    "over": "Past its date",
    "found": "Found again",
    "typo": "Counted in wrongly",
}


def correct(stock_id: int, *, variant_id: int, units: int, reason: str, note: str, cause: str, by: str) -> None:
    """Change what is on hand by `units`; the same cause twice is one correction.

    Raises Refused below what is promised to orders, NotFound for a shelf of another variant.
    """
    stock = one_or_404(select(Stock).where(Stock.id == stock_id, Stock.variant_id == variant_id), "This shelf is not here.")
    known = select(StockMovement.id).where(StockMovement.cause == cause, StockMovement.stock_id == stock.id)
    if db.session.scalar(known) is not None:
        return
    if not units:
        raise Refused("Say how many more or fewer there are.", field="units")
    words = f"{REASONS[reason]}: {note}" if note else REASONS[reason]
    adjust(stock, units=units, cause=cause, by=by, reason=words)
