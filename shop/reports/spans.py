"""A month is the clinic's own: from its first midnight to the next one's, whatever UTC says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shop.core import clock
from shop.core.errors import NotFound
from shop.core.templating import day

LONGEST = timedelta(days=366)
_SHAPE = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])\Z", re.ASCII)


@dataclass(frozen=True, order=True)
class Month:
    """Named by its first day."""

    first: date

    @property
    def since(self) -> datetime:
        return clock.local_midnight(self.first)

    @property
    def until(self) -> datetime:
        return clock.local_midnight(self.next.first)

    @property
    def next(self) -> Month:
        return Month(clock.add_months(self.first, 1))

    @property
    def before(self) -> Month:
        return Month(clock.add_months(self.first, -1))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def slug(self) -> str:
        """ "2026-03", as addresses name it."""
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def is_over(self) -> bool:
        return self.until <= clock.now()


@dataclass(frozen=True)
class Days:
    """From the first midnight of the clinic to the one after the last day."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        return clock.local_midnight(self.first)

    @property
    def until(self) -> datetime:
        return clock.end_of_day(self.last)

    @property
    def query(self) -> str:
        """As addresses name it."""
        return f"since={self.first.isoformat()}&until={self.last.isoformat()}"

    @property
    def words(self) -> str:
        if self.first == self.last:
            return day(self.first, year=True)
        return f"{day(self.first, weekday=False)} to {day(self.last, weekday=False, year=True)}"


def month_of(moment: datetime) -> Month:
    return Month(clock.local(moment).date().replace(day=1))


def this_month() -> Month:
    return month_of(clock.now())


def read_month(text: str | None) -> Month:
    """From an address; this month when none is named. Raises NotFound for nonsense and for the future."""
    if not text:
        return this_month()
    found = _SHAPE.match(text)
    month = Month(date(int(found[1]), int(found[2]), 1)) if found else None
    if month is None or month > this_month():
        raise NotFound("There is no report for this month.")
    return month


def read_span(since: str | None, until: str | None, month: str | None) -> Month | Days:
    """Days from an address, else its month. Raises NotFound for nonsense and for more than a year."""
    if not since:
        return read_month(month)
    try:
        days = Days(date.fromisoformat(since), date.fromisoformat(until or since))
    except ValueError:
        raise NotFound("There is no report for these days.") from None
    if not timedelta(0) <= days.last - days.first <= LONGEST or not 2000 < days.first.year < 2100:
        raise NotFound("There is no report for these days.")
    return days


def last_months(count: int, *, until: Month) -> list[Month]:
    """Oldest first, `until` the last of them."""
    return [Month(clock.add_months(until.first, -back)) for back in reversed(range(count))]
