"""What waits for a person: the urgent first, then what has waited longest."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from shop.core.attention import AttentionEntry
from shop.core.db import db

PER_PAGE = 50
KINDS = {
    "payment": "Payment",
    "refund": "Refund",
    "outbox": "Something could not be done",
    "stock": "Stock",
    "payout": "Payout",
}


@dataclass(frozen=True)
class Entries:
    rows: list[AttentionEntry]
    after: str | None


def open_entries(*, after: tuple[bool, int] | None = None, limit: int = PER_PAGE) -> Entries:
    """`after` is (urgent, id) of the last row seen."""
    waiting = select(AttentionEntry).where(AttentionEntry.resolved_at.is_(None))
    if after is not None:
        urgent, last = after
        later = (AttentionEntry.urgent == urgent) & (AttentionEntry.id > last)
        waiting = waiting.where(later | AttentionEntry.urgent.is_(False) if urgent else later)
    rows = list(db.session.scalars(waiting.order_by(AttentionEntry.urgent.desc(), AttentionEntry.id).limit(limit + 1)))
    return _page(rows, limit)


def resolved_entries(*, after: tuple[bool, int] | None = None, limit: int = PER_PAGE) -> Entries:
    """The latest raised first."""
    closed = select(AttentionEntry).where(AttentionEntry.resolved_at.is_not(None))
    if after is not None:
        closed = closed.where(AttentionEntry.id < after[1])
    return _page(list(db.session.scalars(closed.order_by(AttentionEntry.id.desc()).limit(limit + 1))), limit)


def read_after(text: str) -> tuple[bool, int] | None:
    """ "u17" or "n17"; nonsense begins at the beginning."""
    kind, number = text[:1], text[1:]
    if kind not in ("u", "n") or not number.isascii() or not number.isdecimal() or len(number) > 15:
        return None
    return kind == "u", int(number)


def kind_word(kind: str) -> str:
    return KINDS.get(kind, kind.replace("_", " ").replace(".", " ").capitalize())


def _page(rows: list[AttentionEntry], limit: int) -> Entries:
    shown = rows[:limit]
    last = f"{'u' if shown[-1].urgent else 'n'}{shown[-1].id}" if len(rows) > limit else None
    return Entries(shown, last)
