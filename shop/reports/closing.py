"""A month that is over is added up once and kept; the ledger behind it cannot change, and `shop check` proves the sums."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select

from shop.core import clock, outbox
from shop.core.db import db
from shop.core.liability import Liability
from shop.reports.earning import SUMS, Earned, Earnings, earnings, live_earnings
from shop.reports.models import ClosedEarning, ClosedMonth
from shop.reports.owing import FIGURES, WHOLE, live
from shop.reports.spans import Month, month_of, read_month, this_month
from shop.wallet.models import CreditMove

KIND = "reports.close"
SETTLED = timedelta(hours=2)  # what began before midnight has long been committed by then


def promise() -> None:
    """Said by every sweep; done once for each month, some hours after it ended."""
    month = month_of(clock.now() - SETTLED).before
    outbox.put(KIND, {"month": month.slug}, key=f"{KIND}:{month.slug}")


def close(*, month: str) -> None:
    """Outbox handler: every month up to this one that is not closed yet. Done twice it is done once."""
    last = read_month(month)
    for open_month in _open_until(last):
        rows = [_row(open_month, what, sums) for what, sums in live(open_month).items()]
        db.session.execute(insert(ClosedMonth), rows)
        db.session.execute(insert(ClosedEarning), _earned(live_earnings(open_month)))
        db.session.flush()


def differences() -> list[str]:
    """One sentence for each kept sum that is not what the ledger says now."""
    kept: dict[Month, dict[str, Liability]] = {}
    for row in db.session.scalars(select(ClosedMonth).order_by(ClosedMonth.month)):
        figures = {name: getattr(row, name) for name in FIGURES}
        kept.setdefault(Month(row.month), {})[row.what] = Liability(**figures)
    found = []
    nothing = Liability()
    for month, sums in kept.items():
        now = live(month)
        wrong = sorted(what or "all" for what in {*sums, *now} if sums.get(what, nothing) != now.get(what, nothing))
        found += [f"report of {month.words}: {what} is not what the ledger says" for what in wrong]
        told, said = earnings(month), live_earnings(month)
        if (told.rows, told.kept_minor) != (said.rows, said.kept_minor):
            found.append(f"report of {month.words}: what was earned is not what the ledger says")
    return found


def _earned(found: Earnings) -> list[dict[str, object]]:
    whole = Earned(WHOLE, "", "", earned_minor=found.kept_minor)
    return [
        {"month": found.month.first, "what": line.what, **{name: getattr(line, name) for name in SUMS}}
        for line in (*found.rows, whole)
    ]


def _open_until(last: Month) -> list[Month]:
    newest = db.session.scalar(select(func.max(ClosedMonth.month)))
    if newest is not None:
        month = Month(newest).next
    else:
        first = db.session.scalar(select(func.min(CreditMove.at)))
        month = month_of(first) if first else last
    months = []
    while month <= last and month < this_month():
        months.append(month)
        month = month.next
    return months


def _row(month: Month, what: str, sums: Liability) -> dict[str, object]:
    figures = {name: getattr(sums, name) for name in FIGURES}
    return {"month": month.first, "what": what, "closed_at": clock.now(), **figures}
