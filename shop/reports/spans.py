"""A month is the clinic's own: from its first midnight to the next one's, whatever UTC says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from shop.core import clock
from shop.core.errors import NotFound

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
    def slug(self) -> str:
        """ "2026-03", as addresses name it."""
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def is_over(self) -> bool:
        return self.until <= clock.now()


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


def last_months(count: int, *, until: Month) -> list[Month]:
    """Oldest first, `until` the last of them."""
    return [Month(clock.add_months(until.first, -back)) for back in reversed(range(count))]
