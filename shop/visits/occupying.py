"""A visit takes its time only when nobody else has it: bookings of one day stand in line, and the database has the last word.

Races, once: whoever wants a time first takes the day's lock (an advisory lock on PostgreSQL, the write lock on SQLite),
then looks, then writes. Two inserts that met in the exclusion constraints without it could wait for each other. The
order of locks is: visit, day (several: the earliest first), credit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict
from shop.visits.calendars import overlapping
from shop.visits.models import Visit

LOCK_SPACE = 7150  # any number that no other advisory lock of the shop uses
TAKEN = "That time is not free any more. Nothing was booked; please choose another."


def lock_days(days: Iterable[date]) -> None:
    """Nobody else books on these days until the transaction ends."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for day in sorted(set(days)):
        db.session.execute(select(func.pg_advisory_xact_lock(LOCK_SPACE, day.toordinal())))


def take(visit: Visit) -> None:
    """Write a new or changed visit. Raises Conflict when practitioner, room or client has another at that time."""
    with db.session.no_autoflush:  # the visit is not written before it is known that nobody is there
        lock_days([clock.local(visit.starts_at).date()])
        if overlapping(visit):
            raise Conflict(TAKEN)
    try:
        with db.session.begin_nested():
            db.session.add(visit)
            db.session.flush()
    except IntegrityError as refused:
        if "ex_visit_" not in str(refused.orig):
            raise
        raise Conflict(TAKEN) from None
