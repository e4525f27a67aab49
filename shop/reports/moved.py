"""What moved in a span, by thing and by kind of move: days that are over from their kept sums, the rest from the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from shop.core import clock
from shop.core.db import db
from shop.reports.models import ClosedDay
from shop.reports.spans import Month
from shop.wallet.models import Credit, CreditMove

CALLED_OFF = "called off"  # sessions set aside by a withdrawal, beside the kinds of the ledger
DAY = timedelta(days=1)
Key = tuple[str, str]


@dataclass(frozen=True)
class Sum:
    sessions: int = 0
    net_minor: int = 0
    vat_minor: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.sessions + other.sessions, self.net_minor + other.net_minor, self.vat_minor + other.vat_minor)


Sums = dict[Key, Sum]


def moved_in(month: Month) -> Sums:
    """{(what, kind): sum}; four statements, of which the two that read the ledger see the last days alone."""
    last = last_closed_day()
    if last is None or last < month.first:
        return of_ledger(month.since, month.until)
    days = of_days(month.first, month.next.first)
    since = clock.local_midnight(last + DAY)
    return days if since >= month.until else added([days, of_ledger(since, month.until)])


def of_days(first: date, until: date) -> Sums:
    """The kept sums of the closed days from `first` until before `until`."""
    totals = (func.sum(ClosedDay.sessions), func.sum(ClosedDay.net_minor), func.sum(ClosedDay.vat_minor))
    rows = select(ClosedDay.what, ClosedDay.kind, *totals).where(ClosedDay.day >= first, ClosedDay.day < until)
    found = db.session.execute(rows.group_by(ClosedDay.what, ClosedDay.kind)).all()
    return {(what, kind): Sum(int(n), int(net), int(vat)) for what, kind, n, net, vat in found if kind}


def of_ledger(since: datetime, until: datetime) -> Sums:
    """Added up from the moves themselves; two statements."""
    net = CreditMove.gross_minor - CreditMove.vat_minor
    totals = (func.sum(CreditMove.sessions), func.sum(net), func.sum(CreditMove.vat_minor))
    during = (CreditMove.at >= since, CreditMove.at < until)
    keys = (Credit.package_id, Credit.addon_id, CreditMove.kind)
    rows = select(*keys, *totals).join(Credit, Credit.id == CreditMove.credit_id).where(*during).group_by(*keys)
    found: Sums = {}
    for package_id, addon_id, kind, sessions, net_minor, vat_minor in db.session.execute(rows):
        key = (kind_of(package_id, addon_id), kind)
        found[key] = found.get(key, Sum()) + Sum(int(sessions), int(net_minor), int(vat_minor))
    aside = select(*totals).where(*during, CreditMove.kind == "reserve", CreditMove.cause.startswith("reserve:withdrawal:"))
    sessions, net_minor, vat_minor = db.session.execute(aside).one()
    if sessions:
        found["", CALLED_OFF] = Sum(int(sessions), int(net_minor), int(vat_minor))
    return found


def added(several: Iterable[Sums]) -> Sums:
    whole: Sums = {}
    for sums in several:
        for key, one in sums.items():
            whole[key] = whole.get(key, Sum()) + one
    return whole


def last_closed_day() -> date | None:
    last: Any = db.session.scalar(select(func.max(ClosedDay.day)))
    return last


def kind_of(package_id: int | None, addon_id: int | None) -> str:
    """How a report names what a credit is of."""
    if addon_id is not None:
        return f"addon:{addon_id}"
    return f"package:{package_id}" if package_id is not None else "other"
