"""Clients' money that is still owed in sessions: opening, sold, redeemed, refunded, expired, closing, by what was sold.

Every figure is a sum over the ledger of sessions, net of VAT. Months that are over were added up once (`closing`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from shop.catalog.models import AddOn, Package
from shop.core.db import db
from shop.core.liability import COLUMNS, Liability
from shop.reports.models import ClosedMonth
from shop.reports.moved import Sums, moved_in, of_ledger
from shop.reports.spans import Month

WHOLE = ""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
GONE = "Brought along or no longer sold"
FIGURES = ("opening", "sold", "redeemed", "refunded", "expired", "moved_in")


@dataclass(frozen=True)
class Row:
    """One line of the report; `what` is "package:7", "addon:3" or "other"."""

    what: str
    name: str
    sums: Liability


@dataclass(frozen=True)
class Report:
    month: Month
    rows: tuple[Row, ...]
    total: Liability
    is_closed: bool


def report(month: Month, sums: Sums | None = None) -> Report:
    """At most nine statements, however many sessions were ever sold; `sums` are what moved in it, where that is known."""
    closed = _closed(month)
    found = closed if closed is not None else live(month, moved_in(month) if sums is None else sums)
    names = names_of_things(found)
    rows = [Row(what, names.get(what, GONE), sums) for what, sums in found.items() if what]
    rows = [row for row in rows if any(getattr(row.sums, name) for name in FIGURES)]
    return Report(month, tuple(sorted(rows, key=lambda row: row.name)), found.get(WHOLE, Liability()), closed is not None)


def live(month: Month, sums: Sums | None = None) -> dict[str, Liability]:
    """What the month before left, and what has moved since: added up from the ledger, or from `sums`."""
    before = _closed(month.before)
    left = {what: sums.closing for what, sums in before.items()} if before is not None else _opening(month)
    opening = {what: minor for what, minor in left.items() if minor}
    moved = _columns(of_ledger(month.since, month.until) if sums is None else sums)
    every = {*opening, *moved} - {WHOLE}
    found = {what: Liability(opening=opening.get(what, 0), **moved.get(what, {})) for what in every}
    found[WHOLE] = added(found.values())
    return found


def added(sums: Iterable[Liability]) -> Liability:
    listed = list(sums)
    return Liability(**{name: sum(getattr(one, name) for one in listed) for name in FIGURES})


def is_closed(month: Month) -> bool:
    return db.session.scalar(select(ClosedMonth.id).where(ClosedMonth.month == month.first).limit(1)) is not None


def closings(months: list[Month]) -> dict[Month, int]:
    """What was owed at the end of each month that is closed; one statement."""
    days = [month.first for month in months]
    rows = select(ClosedMonth).where(ClosedMonth.month.in_(days), ClosedMonth.what == WHOLE)
    return {Month(row.month): _sums(row).closing for row in db.session.scalars(rows)}


def _closed(month: Month) -> dict[str, Liability] | None:
    rows = db.session.scalars(select(ClosedMonth).where(ClosedMonth.month == month.first)).all()
    return {row.what: _sums(row) for row in rows} if rows else None


def _sums(row: ClosedMonth) -> Liability:
    return Liability(**{name: getattr(row, name) for name in FIGURES})


def _opening(month: Month) -> dict[str, int]:
    return {what: Liability(**sums).closing for what, sums in _columns(of_ledger(LONG_AGO, month.since)).items()}


def _columns(sums: Sums) -> dict[str, dict[str, int]]:
    """{what: {column of the report: net}}"""
    found: dict[str, dict[str, int]] = {}
    for (what, kind), one in sums.items():
        if kind in COLUMNS:
            column, sign = COLUMNS[kind]
            mine = found.setdefault(what, {})
            mine[column] = mine.get(column, 0) + sign * one.net_minor
    return found


def names_of_things(found: Iterable[str]) -> dict[str, str]:
    """What the catalogue calls them today; two statements."""
    ids = ids_of(found)
    names: dict[str, str] = {}
    for kind, model in (("package", Package), ("addon", AddOn)):
        rows: Any = select(model.id, model.name).where(model.id.in_(ids[kind]))
        names |= {f"{kind}:{row_id}": name for row_id, name in db.session.execute(rows)}
    return names


def ids_of(found: Iterable[str]) -> dict[str, list[int]]:
    """{"package": [7], "addon": [3]}"""
    ids: dict[str, list[int]] = {"package": [], "addon": []}
    for what in found:
        kind, _, number = what.partition(":")
        if kind in ids:
            ids[kind].append(int(number))
    return ids
