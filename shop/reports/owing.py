"""Clients' money that is still owed in sessions: opening, sold, redeemed, refunded, expired, closing, by what was sold.

Every figure is a sum over the ledger of sessions, net of VAT. Months that are over were added up once (`closing`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from shop.catalog.models import AddOn, Package
from shop.core.db import db
from shop.core.liability import COLUMNS, Liability
from shop.reports.models import ClosedMonth
from shop.reports.spans import Month
from shop.wallet.models import Credit, CreditMove

WHOLE = ""
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


def report(month: Month) -> Report:
    """At most five statements, however many sessions were ever sold."""
    closed = _closed(month)
    found = closed if closed is not None else live(month)
    names = names_of_things(found)
    rows = [Row(what, names.get(what, GONE), sums) for what, sums in found.items() if what]
    rows = [row for row in rows if any(getattr(row.sums, name) for name in FIGURES)]
    return Report(month, tuple(sorted(rows, key=lambda row: row.name)), found.get(WHOLE, Liability()), closed is not None)


def live(month: Month) -> dict[str, Liability]:
    """Added up from the ledger: what the month before left, and what has moved since."""
    before = _closed(month.before)
    left = {what: sums.closing for what, sums in before.items()} if before is not None else _opening(month)
    opening = {what: minor for what, minor in left.items() if minor}
    moved = _moved(CreditMove.at >= month.since, CreditMove.at < month.until)
    every = {*opening, *moved} - {WHOLE}
    found = {what: Liability(opening=opening.get(what, 0), **moved.get(what, {})) for what in every}
    found[WHOLE] = added(found.values())
    return found


def added(sums: Iterable[Liability]) -> Liability:
    listed = list(sums)
    return Liability(**{name: sum(getattr(one, name) for one in listed) for name in FIGURES})


def closings(months: list[Month]) -> dict[Month, int]:
    """What was owed at the end of each month that is closed; one statement."""
    days = [month.first for month in months]
    rows = select(ClosedMonth).where(ClosedMonth.month.in_(days), ClosedMonth.what == WHOLE)
    return {Month(row.month): _sums(row).closing for row in db.session.scalars(rows)}


def kind_of(package_id: int | None, addon_id: int | None) -> str:
    """How a report names what a credit is of."""
    if addon_id is not None:
        return f"addon:{addon_id}"
    return f"package:{package_id}" if package_id is not None else "other"


def _closed(month: Month) -> dict[str, Liability] | None:
    rows = db.session.scalars(select(ClosedMonth).where(ClosedMonth.month == month.first)).all()
    return {row.what: _sums(row) for row in rows} if rows else None


def _sums(row: ClosedMonth) -> Liability:
    return Liability(**{name: getattr(row, name) for name in FIGURES})


def _opening(month: Month) -> dict[str, int]:
    return {what: Liability(**sums).closing for what, sums in _moved(CreditMove.at < month.since).items()}


def _moved(*when: Any) -> dict[str, dict[str, int]]:
    """{what: {column: net}} of the moves in a span; one statement."""
    net = func.sum(CreditMove.gross_minor - CreditMove.vat_minor)
    sums = (
        select(Credit.package_id, Credit.addon_id, CreditMove.kind, net)
        .join(Credit, Credit.id == CreditMove.credit_id)
        .where(CreditMove.kind.in_(COLUMNS), *when)
        .group_by(Credit.package_id, Credit.addon_id, CreditMove.kind)
    )
    found: dict[str, dict[str, int]] = {}
    for package_id, addon_id, kind, minor in db.session.execute(sums):
        column, sign = COLUMNS[kind]
        mine = found.setdefault(kind_of(package_id, addon_id), {})
        mine[column] = mine.get(column, 0) + sign * int(minor)
    return found


def names_of_things(found: Iterable[str]) -> dict[str, str]:
    """What the catalogue calls them today; two statements."""
    ids: dict[str, list[int]] = {"package": [], "addon": []}
    for what in found:
        kind, _, number = what.partition(":")
        if kind in ids:
            ids[kind].append(int(number))
    names: dict[str, str] = {}
    for kind, model in (("package", Package), ("addon", AddOn)):
        rows: Any = select(model.id, model.name).where(model.id.in_(ids[kind]))
        names |= {f"{kind}:{row_id}": name for row_id, name in db.session.execute(rows)}
    return names
