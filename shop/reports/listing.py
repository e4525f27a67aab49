"""The list behind each number of a report: the very moves that add up to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.core.db import db
from shop.core.errors import NotFound
from shop.core.liability import COLUMNS
from shop.reports.spans import Days, Month
from shop.wallet.models import Credit, CreditMove

PER_PAGE = 100
FIGURES = {
    "sold": "Sold",
    "redeemed": "Redeemed",
    "refunded": "Paid back",
    "expired": "Expired",
    "moved_in": "Brought along",
}
WORDS = {
    "grant": "sold",
    "upgrade": "went into a larger package",
    "swap": "changed for another treatment",
    "redeem": "took place",
    "no_show": "lost: nobody came",
    "reverse": "undone",
    "refund": "paid back",
    "unrefund": "came back from the bank",
    "expire": "expired",
    "revive": "given back after it expired",
    "receive": "came in",
    "transfer": "handed on",
    "gift": "given away",
}


@dataclass(frozen=True)
class Moved:
    """One move; it names a package by its neutral name and nobody by theirs."""

    id: int
    at: datetime
    code: str
    order_number: str | None
    name: str
    words: str
    sessions: int
    net_minor: int
    by: str


@dataclass(frozen=True)
class Page:
    moves: tuple[Moved, ...]
    after: int | None


def moves_behind(month: Month | Days, figure: str, *, what: str = "", after: int | None = None) -> Page:
    """Oldest first, one statement. Raises NotFound for a figure or a thing that no report has."""
    if figure not in FIGURES:
        raise NotFound("There is no such figure.")
    kinds = {kind: sign for kind, (column, sign) in COLUMNS.items() if column == figure}
    net = (CreditMove.gross_minor - CreditMove.vat_minor).label("net")
    facts = (CreditMove.id, CreditMove.at, CreditMove.kind, CreditMove.sessions, CreditMove.by, net)
    rows = select(*facts, Credit.code, Credit.order_number, Credit.statement_name).join(
        Credit, Credit.id == CreditMove.credit_id
    )
    rows = rows.where(CreditMove.kind.in_(kinds), CreditMove.at >= month.since, CreditMove.at < month.until, *_of(what))
    if after is not None:
        rows = rows.where(CreditMove.id > after)
    found = db.session.execute(rows.order_by(CreditMove.id).limit(PER_PAGE + 1)).all()
    shown = [_moved(row, kinds[row.kind]) for row in found[:PER_PAGE]]
    return Page(tuple(shown), shown[-1].id if len(found) > PER_PAGE else None)


def _of(what: str) -> list[Any]:
    kind, _, number = what.partition(":")
    if not what:
        return []
    if what == "sessions":
        return [Credit.addon_id.is_(None)]
    if what == "other":
        return [Credit.package_id.is_(None), Credit.addon_id.is_(None)]
    if kind not in ("package", "addon") or not number.isascii() or not number.isdecimal() or len(number) > 15:
        raise NotFound("There is no such line in this report.")
    if kind == "addon":
        return [Credit.addon_id == int(number)]
    return [Credit.package_id == int(number), Credit.addon_id.is_(None)]


def _moved(row: Any, sign: int) -> Moved:
    return Moved(
        id=row.id,
        at=row.at,
        code=row.code,
        order_number=row.order_number,
        name=row.statement_name,
        words=WORDS[row.kind],
        sessions=row.sessions,
        net_minor=sign * row.net,
        by=row.by,
    )
