"""What was earned: a session when it takes place, breakage when it runs out, and what calling off left or took back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from shop.catalog.models import AddOn, Package
from shop.core.db import db
from shop.orders.models import Withdrawal
from shop.reports.models import ClosedEarning
from shop.reports.moved import CALLED_OFF, Sum, Sums, moved_in, of_ledger
from shop.reports.owing import GONE, ids_of, names_of_things
from shop.reports.spans import Month

DONE = {"redeem": 1, "no_show": 1, "reverse": -1}
LOST = {"expire": 1, "revive": -1}
SOLD = {"grant": 1, "upgrade": -1, "swap": -1}
BACK = {"refund": 1, "unrefund": -1}
SUMS = ("vat_percent", "sessions", "earned_minor", "breakage_minor", "vat_sold_minor", "vat_back_minor")


@dataclass
class Earned:
    """One line: sessions that took place, what they earned, what expired unused, and the VAT that fell due at sale."""

    what: str
    name: str
    vat_percent: str
    sessions: int = 0
    earned_minor: int = 0
    breakage_minor: int = 0
    vat_sold_minor: int = 0
    vat_back_minor: int = 0

    @property
    def vat_due_minor(self) -> int:
        return self.vat_sold_minor - self.vat_back_minor


@dataclass(frozen=True)
class Earnings:
    """`kept_minor` stayed when orders were called off (below nothing: sessions done were paid back)."""

    month: Month
    rows: tuple[Earned, ...]
    kept_minor: int

    @property
    def earned_minor(self) -> int:
        return sum(row.earned_minor for row in self.rows)

    @property
    def breakage_minor(self) -> int:
        return sum(row.breakage_minor for row in self.rows)

    @property
    def vat_due_minor(self) -> int:
        return sum(row.vat_due_minor for row in self.rows)

    @property
    def revenue_minor(self) -> int:
        return self.earned_minor + self.breakage_minor + self.kept_minor


def earnings(month: Month, sums: Sums | None = None) -> Earnings:
    """As it was added up when the month was closed, else what has moved; at most eight statements whatever was sold."""
    rows = db.session.scalars(select(ClosedEarning).where(ClosedEarning.month == month.first)).all()
    if not rows:
        return live_earnings(month, moved_in(month) if sums is None else sums)
    names = names_of_things(row.what for row in rows)
    known = [Earned(row.what, names.get(row.what, GONE), **{n: getattr(row, n) for n in SUMS}) for row in rows]
    kept = sum(line.earned_minor for line in known if not line.what)
    return Earnings(month, tuple(sorted((line for line in known if line.what), key=lambda line: line.name)), kept)


def live_earnings(month: Month, sums: Sums | None = None) -> Earnings:
    """Added up from the ledger, or from `sums` of it; at most five statements."""
    moved = of_ledger(month.since, month.until) if sums is None else sums
    things = {what for what, kind in moved if kind != CALLED_OFF}
    names, rates = names_of_things(things), _rates(things)
    found = {what: Earned(what, names.get(what, GONE), rates.get(what, "")) for what in things}
    for (what, kind), one in moved.items():
        if what in found:
            _count(found[what], kind, one)
    rows = tuple(sorted(found.values(), key=lambda line: line.name))
    return Earnings(month, rows, moved.get(("", CALLED_OFF), Sum()).net_minor - _paid_back(month))


def _rates(things: Iterable[str]) -> dict[str, str]:
    """What the catalogue charges on them today; two statements."""
    ids = ids_of(things)
    rates: dict[str, str] = {}
    for kind, model in (("package", Package), ("addon", AddOn)):
        rows: Any = select(model.id, model.vat_percent).where(model.id.in_(ids[kind]))
        rates |= {f"{kind}:{row_id}": percent for row_id, percent in db.session.execute(rows)}
    return rates


def _count(line: Earned, kind: str, one: Sum) -> None:
    line.sessions += DONE.get(kind, 0) * one.sessions
    line.earned_minor += DONE.get(kind, 0) * one.net_minor
    line.breakage_minor += LOST.get(kind, 0) * one.net_minor
    line.vat_sold_minor += SOLD.get(kind, 0) * one.vat_minor
    line.vat_back_minor += BACK.get(kind, 0) * one.vat_minor


def _paid_back(month: Month) -> int:
    """Net, for sessions that were called off: what they were worth more than this stayed."""
    within = Withdrawal.made_at >= month.since, Withdrawal.made_at < month.until
    paid = 0
    for parts in db.session.scalars(select(Withdrawal.parts).where(*within)):
        paid += sum(part["gross_minor"] - part["vat_minor"] for part in parts if part["key"].startswith("credit:"))
    return paid
