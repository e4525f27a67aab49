"""A month or a day that is over is added up once and kept; the ledger behind it cannot change, `shop check` proves the sums."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, insert, select

from shop.core import clock, outbox
from shop.core.db import db
from shop.core.liability import Liability
from shop.reports.earning import SUMS, Earned, Earnings, earnings, live_earnings
from shop.reports.models import ClosedDay, ClosedEarning, ClosedMonth
from shop.reports.moved import DAY, Sum, last_closed_day, of_days, of_ledger
from shop.reports.owing import FIGURES, WHOLE, live
from shop.reports.spans import Month, month_of, read_month, this_month
from shop.wallet.models import CreditMove

KIND, DAY_KIND = "reports.close", "reports.close_day"
SETTLED = timedelta(hours=2)  # what began before midnight has long been committed by then


def promise() -> None:
    """Said by every sweep; done once for each month and each day, some hours after it ended."""
    settled = clock.now() - SETTLED
    month, yesterday = month_of(settled).before, clock.local(settled).date() - DAY
    outbox.put(KIND, {"month": month.slug}, key=f"{KIND}:{month.slug}")
    outbox.put(DAY_KIND, {"day": yesterday.isoformat()}, key=f"{DAY_KIND}:{yesterday.isoformat()}")


def close(*, month: str) -> None:
    """Outbox handler: every month up to this one that is not closed yet. Done twice it is done once."""
    last = read_month(month)
    for open_month in _open_until(last):
        rows = [_row(open_month, what, sums) for what, sums in live(open_month).items()]
        db.session.execute(insert(ClosedMonth), rows)
        db.session.execute(insert(ClosedEarning), _earned(live_earnings(open_month)))
        db.session.flush()


def close_days(*, day: str) -> None:
    """Outbox handler: every day up to this one that no kept sum holds yet. Done twice it is done once."""
    last, on = date.fromisoformat(day), _first_open_day()
    while on is not None and on <= last and on < clock.today():
        sums = of_ledger(clock.local_midnight(on), clock.local_midnight(on + DAY)) or {("", ""): Sum()}
        rows = [{"day": on, "what": what, "kind": kind, **vars(one)} for (what, kind), one in sums.items()]
        db.session.execute(insert(ClosedDay), rows)
        db.session.flush()
        on += DAY


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
    return [*found, *_wrong_days()]


def _wrong_days() -> list[str]:
    """Month by month: the days that are closed, against the ledger of the same days."""
    first, last = db.session.execute(select(func.min(ClosedDay.day), func.max(ClosedDay.day))).one()
    found, month = [], Month(first.replace(day=1)) if first else None
    while month is not None and month.first <= last:
        since, until = max(first, month.first), min(last + DAY, month.next.first)
        if of_days(since, until) != of_ledger(clock.local_midnight(since), clock.local_midnight(until)):
            found.append(f"days of {month.words}: what moved is not what the ledger says")
        month = month.next
    return found


def _first_open_day() -> date | None:
    """After the last closed day; else where the closed months end, or where the ledger begins."""
    last = last_closed_day()
    if last is not None:
        return last + DAY
    month = db.session.scalar(select(func.max(ClosedMonth.month)))
    if month is not None:
        return Month(month).next.first
    first = db.session.scalar(select(func.min(CreditMove.at)))
    return clock.local(first).date() if first else None


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
