"""The trail as it is read: newest first, narrowed by the thing, the person and the days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from shop.accounts.models import User
from shop.core import clock
from shop.core.db import db
from shop.core.history import HistoryRow

PER_PAGE = 50
LAST = "\U0010ffff"


@dataclass(frozen=True)
class Wanted:
    """`about` is the beginning of a subject ("order:AG-10"), `by` an actor ("user:7"); both days count in full."""

    about: str = ""
    by: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Page:
    rows: list[HistoryRow]
    after: int | None


def find_changes(wanted: Wanted, *, after: int | None = None, limit: int = PER_PAGE) -> Page:
    """One statement."""
    found = select(HistoryRow)
    if after is not None:
        found = found.where(HistoryRow.id < after)
    if wanted.about:
        found = found.where(HistoryRow.subject >= wanted.about, HistoryRow.subject <= wanted.about + LAST)
    if wanted.by:
        found = found.where(HistoryRow.by == wanted.by)
    if wanted.since:
        found = found.where(HistoryRow.at >= clock.local_midnight(wanted.since))
    if wanted.until:
        found = found.where(HistoryRow.at < clock.local_midnight(wanted.until + timedelta(days=1)))
    rows = list(db.session.scalars(found.order_by(HistoryRow.id.desc()).limit(limit + 1)))
    return Page(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


def people() -> list[tuple[str, str]]:
    """(actor, name) of everybody who works here or worked here, and of the shop itself."""
    rows = select(User.id, User.name, User.email).where(User.role.is_not(None)).order_by(User.name, User.id)
    return [("system", "the shop"), *((f"user:{row.id}", row.name or row.email) for row in db.session.execute(rows))]
