"""How long sessions can be used: a pause moves the last day on by as many days as it lasted."""

from collections.abc import Iterable
from datetime import date, timedelta

from shop.core.errors import Refused
from shop.terms.wording import day


def thawed_expiry(expires_on: date, *, frozen_on: date, thawed_on: date) -> date:
    """The new last day after a pause: 1 December with 243 frozen days becomes 1 August. Raises Refused."""
    if frozen_on > expires_on:
        raise Refused(f"These sessions ended on {day(expires_on)}; there is nothing left to pause.")
    if thawed_on < frozen_on:
        raise Refused(f"The pause began on {day(frozen_on)} and cannot end before that.")
    return expires_on + (thawed_on - frozen_on)


def warning_days(expires_on: date, *, days_before: Iterable[int] = (60, 30, 7)) -> list[date]:
    """When a client is told that sessions run out, earliest first."""
    return sorted(expires_on - timedelta(days=days) for days in set(days_before))


def last_day(bought_on: date, *, validity_days: int) -> date:
    """Validity runs from the day of purchase, which is day 0."""
    return bought_on + timedelta(days=validity_days)
