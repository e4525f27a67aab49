"""What staff write down about an order stands in its history, by name and for good."""

from __future__ import annotations

from sqlalchemy import update

from shop.core.db import changed, db
from shop.core.history import HistoryRow, history_of, record
from shop.orders.models import Order


def add_note(order: Order, note: str, *, cause: str, by: str) -> None:
    """One note; the same cause twice is one note. Locks the order."""
    changed(update(Order).where(Order.id == order.id).values(state=Order.state))
    if cause not in {_cause(row) for row in history_of(f"order:{order.number}")}:
        record(f"order:{order.number}", axis="note", was=None, now=None, by=by, note=note.strip(), details={"cause": cause})
        db.session.flush()


def _cause(row: HistoryRow) -> str | None:
    return (row.details or {}).get("cause")
