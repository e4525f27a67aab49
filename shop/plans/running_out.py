"""When something at home runs out: days of use, counted on without the days on which it rested."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

NUDGE_DAYS = 7
FARTHEST = 800
Rests = Sequence[tuple[date, date]]


def runs_out_on(bought_on: date, supply_days: int, rests: Rests = ()) -> date:
    """The first day without it. A rest (from, up to but not including) moves it on by the days that it takes out of use."""
    left, day = supply_days, bought_on
    for _ in range(FARTHEST):
        if left <= 0:
            break
        if not any(start <= day < end for start, end in rests):
            left -= 1
        day += timedelta(days=1)
    return day


def nudge_on(bought_on: date, supply_days: int, rests: Rests = ()) -> date:
    """A week before it is empty: 42 days from 1 June give 6 July; seven days of rest make it 13 July."""
    return runs_out_on(bought_on, supply_days, rests) - timedelta(days=NUDGE_DAYS)


def days_left(bought_on: date, supply_days: int, *, today: date, rests: Rests = ()) -> int:
    """Never below zero."""
    return max(0, (runs_out_on(bought_on, supply_days, rests) - today).days)
