"""A plan in somebody's calendar: morning and evening, what begins and ends, the review; no title says what it is about."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from shop.core import clock
from shop.core.settings import setting
from shop.plans.lines import Line, read_day
from shop.plans.models import Plan
from shop.plans.opening import Opened

TIMES = {"morning": time(8), "evening": time(21)}
FARTHEST = timedelta(days=90)  # how long a routine without an end is repeated
LASTS = timedelta(minutes=10)


def calendar_of(plan: Plan, opened: Opened) -> bytes:
    """An .ics file; importing it again moves what has moved, because each entry keeps its name."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//{setting('clinic.name')}//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    begins, review = clock.local(plan.sent_at or plan.made_at).date(), opened.content.review_day
    for when, at in TIMES.items():
        mine = [one.line for one in opened.lines if one.line.when in (when, "both")]
        if mine:
            _routine(calendar, plan, when, at, mine, begins=begins, until=review)
    if review:
        _entry(calendar, plan, "review", review, time(9))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _routine(
    calendar: Any, plan: Plan, when: str, at: time, lines: list[Line], *, begins: date, until: date | None
) -> None:
    """From the first start to the last stop, else to the review, else three months; never longer."""
    starts = [read_day(line.start_on) or begins for line in lines]
    stops = [read_day(line.stop_on) for line in lines]
    first = min(starts)
    ends = [stop for stop in stops if stop]
    last = max(ends) if len(ends) == len(stops) else until or first + FARTHEST
    event = _entry(calendar, plan, when, first, at)
    if last > first:
        over = clock.at_local(last, at)
        event.add("rrule", {"freq": "daily", "until": over})


def _entry(calendar: Any, plan: Plan, what: str, on: date, at: time) -> Any:
    """The title is neutral: a calendar is shared with families and employers."""
    from icalendar import Event

    event, starts = Event(), clock.local(clock.at_local(on, at))
    event.add("uid", f"plan-{plan.code.lower()}-{what}@{urlsplit(_site()).hostname or 'localhost'}")
    event.add("sequence", plan.shown or 0)
    event.add("dtstamp", plan.sent_at or plan.made_at)
    event.add("dtstart", starts)
    event.add("dtend", _later(starts))
    event.add("summary", f"A note from {setting('clinic.name')}")
    event.add("description", f"What it is about: {_site()}/plan")
    event.add("transp", "TRANSPARENT")
    calendar.add_component(event)
    return event


def _later(starts: datetime) -> datetime:
    return starts + LASTS


def _site() -> str:
    return str(current_app.config["SHOP"].site_url)
