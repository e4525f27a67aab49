"""Counting back from a day that matters: when a series has to begin so that the skin is calm by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shop.catalog.models import Package
from shop.core import clock
from shop.core.settings import setting
from shop.visits import early
from shop.visits.spacing import spacing_of
from shop.wallet.models import Credit
from shop.wallet.series import EventPlan, gaps_for, plan_back, read_gaps

MOST_CLEAR_DAYS = 365


@dataclass(frozen=True)
class Planned:
    """The plan for one event; `whole` says whether all sessions fit."""

    event: date
    clear_days: int
    plan: EventPlan

    @property
    def is_whole(self) -> bool:
        return not self.plan.problems


def plan_package(package: Package, *, event: date, clear_days: int | None = None) -> Planned:
    """For somebody who has not bought yet: the first session may be tomorrow."""
    gaps = gaps_for(read_gaps(package.gaps), sessions=package.sessions)
    days = _clear(clear_days)
    return Planned(event, days, plan_back(gaps, event=event, clear_days=days, start=clock.today() + timedelta(days=1)))


def plan_credit(credit: Credit, *, event: date, clear_days: int | None = None) -> Planned | None:
    """For what is left of a series, no earlier than its distance allows; None when nothing is left to plan."""
    if not credit.free:
        return None
    had = credit.used + credit.held - credit.reserved
    gaps = gaps_for(read_gaps(credit.gaps), sessions=credit.granted)[had:]
    since = max(clock.today() + timedelta(days=1), early.first_day(credit))
    start = spacing_of(credit).earliest(since=since, days=setting("visits.horizon_days")) or since
    days = _clear(clear_days)
    return Planned(event, days, plan_back(gaps, event=event, clear_days=days, start=start))


def _clear(days: int | None) -> int:
    return min(max(setting("visits.clear_days") if days is None else days, 0), MOST_CLEAR_DAYS)
