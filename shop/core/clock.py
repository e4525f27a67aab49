"""What time it is: moments are kept in UTC, days are counted where the clinic stands."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_clinic = ZoneInfo("Europe/London")


def set_zone(name: str) -> None:
    """Tell the clock where the clinic stands (an IANA name); called once while the app is made."""
    global _clinic
    try:
        _clinic = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone; write it as in Europe/London") from None


def zone() -> ZoneInfo:
    return _clinic


def now() -> datetime:
    """This moment, aware, in UTC. The only reading of the machine's clock; tests replace it."""
    return datetime.now(UTC)


def today(tz: ZoneInfo | None = None) -> date:
    """The date on the clinic's wall, or on the wall of the given zone."""
    return local(now(), tz).date()


def local(moment: datetime, tz: ZoneInfo | None = None) -> datetime:
    """The same moment on the clinic's wall. A moment without a zone is refused, never guessed."""
    if moment.tzinfo is None:
        raise ValueError("a moment must know its time zone")
    return moment.astimezone(tz or _clinic)


def at_local(day: date, at: time, tz: ZoneInfo | None = None) -> datetime:
    """The moment, in UTC, when the clinic's wall shows that day and time.

    In the hour that the clock repeats the first is meant; a time that the clock skips moves on by
    the skipped hour.
    """
    return datetime.combine(day, at, tzinfo=tz or _clinic).astimezone(UTC)


def local_midnight(day: date, tz: ZoneInfo | None = None) -> datetime:
    """The moment, in UTC, at which that day begins for the clinic."""
    return at_local(day, time(), tz)


def end_of_day(day: date, tz: ZoneInfo | None = None) -> datetime:
    """The moment, in UTC, before which it is still that day: midnight of the next one."""
    return local_midnight(day + timedelta(days=1), tz)


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month; the 31st lands on the month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def elapsed_hours(since: datetime, until: datetime) -> float:
    """Hours that really passed, whatever the wall clock did in between."""
    return (until.astimezone(UTC) - since.astimezone(UTC)) / timedelta(hours=1)


def calendar_days(since: datetime, until: datetime, tz: ZoneInfo | None = None) -> int:
    """How many midnights lie between two moments on the clinic's wall."""
    return (local(until, tz).date() - local(since, tz).date()).days
