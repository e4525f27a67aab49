"""Until when an order can be withdrawn: the days after purchase, after delivery if that is later, and the clinic's holidays."""

import json
from calendar import MONDAY, monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from shop.core.clock import add_months
from shop.terms.jurisdictions import Law

_DATA = Path(__file__).with_name("data") / "holidays.json"
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Window:
    """`last_day` counts whole, until midnight where the client lives; None while goods are still on their way."""

    last_day: date | None
    is_any_time: bool = False

    def is_open(self, on: date) -> bool:
        return self.is_any_time or self.last_day is None or on <= self.last_day


def window(
    law: Law,
    *,
    bought_on: date,
    delivered_on: Sequence[date | None] = (),
    notice_missing: bool = False,
    notice_given_on: date | None = None,
    country: str = "",
) -> Window:
    """The window of one contract. `delivered_on` names each parcel's day, None for one in transit.

    Without the notice of the right the window is `missing_notice_months` longer; a notice given
    late ends it as many days after it came as it had at first.
    """
    if law.any_time:
        return Window(None, is_any_time=True)
    if None in delivered_on:
        return Window(None)
    starts = max([bought_on, *(day for day in delivered_on if day)])
    last = _ends(law, starts, country)
    if notice_missing:
        longest = _rolled(law, add_months(starts + timedelta(days=law.window_days), law.missing_notice_months), country)
        late = _ends(law, notice_given_on, country) if notice_given_on else longest
        last = max(last, min(late, longest))
    return Window(last)


def first_day_without_request(law: Law, *, bought_on: date, country: str = "") -> date:
    """The first day of a treatment that nobody had to ask for: bought 1 June, 16 June."""
    last = window(law, bought_on=bought_on, country=country).last_day
    return last + timedelta(days=1) if last else bought_on


def is_working_day(on: date, country: str = "") -> bool:
    return on.weekday() < _SATURDAY and on not in _holidays(country, on.year)


def is_holiday(on: date, country: str = "") -> bool:
    return on in _holidays(country, on.year)


def easter(year: int, *, orthodox: bool = False) -> date:
    """Easter Sunday (Meeus); the Orthodox one is reckoned by the Julian calendar, 13 days behind until 2099."""
    if orthodox:
        a, b, c = year % 4, year % 7, year % 19
        d = (19 * c + 15) % 30
        e = (2 * a + 4 * b - d + 34) % 7
        month, day = divmod(d + e + 114, 31)
        return date(year, month, day + 1) + timedelta(days=13)
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    el = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + el - 7 * ((a + 11 * h + 22 * el) // 451) + 114, 31)
    return date(year, month, day + 1)


def _ends(law: Law, starts: date, country: str) -> date:
    """The day of the event is not counted, the last day is."""
    return _rolled(law, starts + timedelta(days=law.window_days), country)


def _rolled(law: Law, last: date, country: str) -> date:
    """EU periods that end on a weekend or a public holiday run on to the next working day; British ones do not."""
    while law.rolls_to_working_day and not is_working_day(last, country):
        last += timedelta(days=1)
    return last


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    rules = _rules().get(country) or _rules()["*"]
    return frozenset(_holiday(rule, year) for rule in rules)


def _holiday(rule: str, year: int) -> date:
    if rule[0] in "EO":
        return easter(year, orthodox=rule[0] == "O") + timedelta(days=int(rule[1:]))
    if rule[1:4] == "MON":
        return _monday(year, int(rule[5:]), last=rule[0] == "L")
    return date(year, int(rule[:2]), int(rule[3:]))


def _monday(year: int, month: int, *, last: bool) -> date:
    end = date(year, month, monthrange(year, month)[1] if last else 7)
    return end - timedelta(days=(end.weekday() - MONDAY) % 7)


@lru_cache
def _rules() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(_DATA.read_text(encoding="utf-8"))["countries"]
    return found
