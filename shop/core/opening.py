"""When the clinic is open, said for today: the hours are kept as people write them, "Tuesday to Thursday"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TO = re.compile(r"\s+(?:to|until|–|-)\s+")


def hours_on(hours: Sequence[Sequence[str]], day: date) -> str | None:
    """The times of the row that covers a day, or None when no row does."""
    for days, times in hours:
        if day.weekday() in _covered(days):
            return None if times.strip().lower() == "closed" else times
    return None


def today_words(hours: Sequence[Sequence[str]], day: date) -> str:
    """ "Open today, 9 am to 7 pm" or "Closed today"."""
    times = hours_on(hours, day)
    return f"Open today, {times}" if times else "Closed today"


def _covered(days: str) -> set[int]:
    covered: set[int] = set()
    for part in re.split(r",|\band\b", days.lower()):
        ends = [DAYS.index(word.strip()) for word in _TO.split(part.strip()) if word.strip() in DAYS]
        if len(ends) == 2 and ends[0] <= ends[1]:
            covered.update(range(ends[0], ends[1] + 1))
        else:
            covered.update(ends)
    return covered
