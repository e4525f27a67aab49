"""When parcels leave this clinic, and how that is said where somebody buys."""

from __future__ import annotations

from datetime import date, datetime, time

from shop.core import clock
from shop.core.settings import setting
from shop.core.templating import day, time_of_day
from shop.terms.dispatching import leaves_on


def leaving_day(at: datetime) -> date:
    """On which day goods leave that were bought at that moment."""
    cutoff = time.fromisoformat(setting("delivery.cutoff"))
    facts = {"days": [word.lower() for word in setting("delivery.leaves_on")], "country": setting("clinic.country")}
    return leaves_on(clock.local(at), cutoff=cutoff, away=away(), **facts)


def away() -> tuple[date, date] | None:
    """The clinic's holiday, if it has named one that is not over."""
    first, last = setting("delivery.away_from"), setting("delivery.away_until")
    if not last or date.fromisoformat(last) < clock.today():
        return None
    return (date.fromisoformat(first) if first else clock.today(), date.fromisoformat(last))


def leaving_words() -> str:
    """One sentence: "Order before 2 pm and it leaves today.", or the day on which it leaves."""
    now, today = clock.now(), clock.today()
    leaves, gone = leaving_day(now), away()
    if gone and gone[0] <= today:
        return f"We are away until {day(gone[1])}: what you order now leaves on {day(leaves)}."
    if leaves == today:
        cutoff = clock.at_local(today, time.fromisoformat(setting("delivery.cutoff")))
        return f"Order before {_hour(cutoff)} and it leaves today."
    return f"What you order now leaves on {day(leaves)}."


def _hour(at: datetime) -> str:
    """ "2 pm" for a whole hour."""
    return time_of_day(at).replace(":00", "")
