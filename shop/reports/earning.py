"""What was earned: a session when it takes place, breakage when it runs out, and what calling off left or took back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from shop.catalog.models import AddOn, Package
from shop.core.db import db
from shop.orders.models import Withdrawal
from shop.reports.models import ClosedEarning
from shop.reports.owing import GONE, kind_of, names_of_things
from shop.reports.spans import Month
from shop.wallet.models import Credit, CreditMove

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


def earnings(month: Month) -> Earnings:
    """As it was added up when the month was closed, else from the ledger; at most four statements whatever was sold."""
    rows = db.session.scalars(select(ClosedEarning).where(ClosedEarning.month == month.first)).all()
    if not rows:
        return live_earnings(month)
    names = names_of_things(row.what for row in rows)
    known = [Earned(row.what, names.get(row.what, GONE), **{n: getattr(row, n) for n in SUMS}) for row in rows]
    kept = sum(line.earned_minor for line in known if not line.what)
    return Earnings(month, tuple(sorted((line for line in known if line.what), key=lambda line: line.name)), kept)


def live_earnings(month: Month) -> Earnings:
    """Three statements."""
    found: dict[str, Earned] = {}
    for row in db.session.execute(_statement(month)):
        what = kind_of(row.package_id, row.addon_id)
        name = row.package_name or row.addon_name or GONE
        line = found.setdefault(what, Earned(what, name, row.package_vat or row.addon_vat or ""))
        _count(line, row.kind, int(row.sessions), int(row.net), int(row.vat))
    rows = tuple(sorted(found.values(), key=lambda line: line.name))
    return Earnings(month, rows, _kept(month))


def _statement(month: Month) -> Any:
    net, vat = CreditMove.gross_minor - CreditMove.vat_minor, CreditMove.vat_minor
    names = (Package.name.label("package_name"), AddOn.name.label("addon_name"))
    rates = (Package.vat_percent.label("package_vat"), AddOn.vat_percent.label("addon_vat"))
    keys = (Credit.package_id, Credit.addon_id, CreditMove.kind, *names, *rates)
    totals = (func.sum(CreditMove.sessions).label("sessions"), func.sum(net).label("net"), func.sum(vat).label("vat"))
    return (
        select(*keys, *totals)
        .join(Credit, Credit.id == CreditMove.credit_id)
        .outerjoin(Package, Package.id == Credit.package_id)
        .outerjoin(AddOn, AddOn.id == Credit.addon_id)
        .where(CreditMove.at >= month.since, CreditMove.at < month.until)
        .group_by(Credit.package_id, Credit.addon_id, CreditMove.kind, Package.name, AddOn.name, Package.vat_percent, AddOn.vat_percent)
    )  # fmt: skip


def _count(line: Earned, kind: str, sessions: int, net: int, vat: int) -> None:
    line.sessions += DONE.get(kind, 0) * sessions
    line.earned_minor += DONE.get(kind, 0) * net
    line.breakage_minor += LOST.get(kind, 0) * net
    line.vat_sold_minor += SOLD.get(kind, 0) * vat
    line.vat_back_minor += BACK.get(kind, 0) * vat


def _kept(month: Month) -> int:
    """Sessions that were called off were worth so much more than what was paid back for them."""
    within = Withdrawal.made_at >= month.since, Withdrawal.made_at < month.until
    paid = 0
    for parts in db.session.scalars(select(Withdrawal.parts).where(*within)):
        paid += sum(part["gross_minor"] - part["vat_minor"] for part in parts if part["key"].startswith("credit:"))
    aside = select(func.coalesce(func.sum(CreditMove.gross_minor - CreditMove.vat_minor), 0)).where(
        CreditMove.at >= month.since,
        CreditMove.at < month.until,
        CreditMove.kind == "reserve",
        CreditMove.cause.startswith("reserve:withdrawal:"),
    )
    return int(db.session.scalar(aside) or 0) - paid
