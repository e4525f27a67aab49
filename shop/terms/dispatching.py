"""On which day a parcel leaves: orders before the cut-off go the same day, none on days off, bank holidays or while away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from shop.terms.windows import easter, is_holiday

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_DAYS = 400


def leaves_on(
    at: datetime, *, cutoff: time, days: Collection[str], country: str, away: tuple[date, date] | None = None
) -> date:
    """`at` is a moment on the clinic's wall; `days` are the weekdays on which parcels leave, `away` a holiday, both ends counted.

    A clinic without any day sends as if it had all of them, so that nobody waits for ever.
    """
    day = at.date() if at.time() < cutoff else at.date() + timedelta(days=1)
    for _ in range(_MOST_DAYS):
        if is_sending_day(day, days=days, country=country, away=away):
            return day
        day += timedelta(days=1)
    return day


def is_sending_day(on: date, *, days: Collection[str], country: str, away: tuple[date, date] | None = None) -> bool:
    if away and away[0] <= on <= away[1]:
        return False
    return (not days or DAYS[on.weekday()] in days) and not is_bank_holiday(on, country)


def is_bank_holiday(on: date, country: str) -> bool:
    """England's and Wales's for GB, with their substitute days; elsewhere the public holidays of the country."""
    return on in _english(on.year) if country == "GB" else is_holiday(on, country)


@lru_cache(maxsize=32)
def _english(year: int) -> frozenset[date]:
    """Bank holidays under the Act of 1971 and custom: one that falls on a weekend is had on the next free weekday."""
    sunday, may, august = easter(year), date(year, 5, 1), date(year, 8, 31)
    fixed = {sunday - timedelta(days=2), sunday + timedelta(days=1), _monday(may), _last_monday(date(year, 5, 31))}
    found = fixed | {_last_monday(august)}
    for on in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while on.weekday() > 4 or on in found:
            on += timedelta(days=1)
        found.add(on)
    return frozenset(found)


def _monday(on: date) -> date:
    return on + timedelta(days=-on.weekday() % 7)


def _last_monday(on: date) -> date:
    return on - timedelta(days=on.weekday())
