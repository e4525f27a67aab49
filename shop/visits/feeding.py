"""Appointments for other calendars: neutral titles, the clinic's own time of day, and the days after a treatment."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.core.settings import setting
from shop.visits.following import Care, cares_of
from shop.visits.links import site
from shop.visits.models import Visit
from shop.visits.models.visit import TAKES_TIME

KEPT_DAYS = 120  # how long what is over stays in a feed
STATUS = {"booked": "CONFIRMED", "arrived": "CONFIRMED", "done": "CONFIRMED"}


def one_visit(visit: Visit) -> bytes:
    """An invitation to put into a calendar; one that is off takes itself out again."""
    calendar = _calendar(method="PUBLISH" if visit.state in STATUS else "CANCEL")
    _appointment(calendar, visit)
    return _written(calendar)


def feed_of(client_id: int) -> bytes:
    """Everything of one client. Four statements."""
    calendar = _calendar(method="PUBLISH")
    calendar.add("x-wr-calname", setting("clinic.name"))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    since = clock.now() - timedelta(days=KEPT_DAYS)
    mine = select(Visit).where(Visit.client_id == client_id, Visit.state.in_(TAKES_TIME), Visit.starts_at > since)
    visits = list(db.session.scalars(mine.order_by(Visit.starts_at)))
    for visit in visits:
        _appointment(calendar, visit)
    for care in cares_of(visits):
        _days_after(calendar, care)
    return _written(calendar)


def _calendar(*, method: str) -> Any:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//{setting('clinic.name')}//appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _appointment(calendar: Any, visit: Visit) -> None:
    event = _event(visit, f"{visit.uid}@{_host()}", visit.starts_at, visit.leaves_at)
    event.add("summary", f"Appointment at {setting('clinic.name')}")
    event.add("location", ", ".join([setting("clinic.name"), *setting("clinic.address")]))
    event.add("description", f"See, move or cancel it: {site()}/account/visits/{visit.number}")
    event.add("status", STATUS.get(visit.state, "CANCELLED"))
    calendar.add_component(event)


def _days_after(calendar: Any, care: Care) -> None:
    """One entry for each moment at which something ends; their titles say nothing of it."""
    ends: dict[datetime, list[str]] = defaultdict(list)
    for entry in care.entries():
        if entry.until_utc is not None:
            ends[entry.until_utc].append(entry.name)
    for until, names in sorted(ends.items()):
        uid = f"{care.visit.uid}-{int((until - care.since).total_seconds()) // 60}@{_host()}"
        event = _event(care.visit, uid, until, until + timedelta(minutes=15))
        event.add("summary", f"A note from {setting('clinic.name')}")
        address = f"{site()}/account/visits/{care.visit.number}/aftercare"
        event.add("description", f"From now on again: {', '.join(names)}.\n{address}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)


def _event(visit: Visit, uid: str, starts: datetime, ends: datetime) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("sequence", visit.sequence)
    event.add("dtstamp", visit.changed_at)
    event.add("dtstart", clock.local(starts))
    event.add("dtend", clock.local(ends))
    return event


def _written(calendar: Any) -> bytes:
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _host() -> str:
    return urlsplit(site()).hostname or "localhost"
