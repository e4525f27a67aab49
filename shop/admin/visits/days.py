"""One day at the desk: a column for each practitioner with appointments and free stretches, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from shop.accounts.assigning import Reader, only_seen
from shop.accounts.models import Client
from shop.core import clock
from shop.core.db import db
from shop.visits import calendars
from shop.visits.matters import WORDS
from shop.visits.models import Practitioner, Room, Visit
from shop.visits.models.visit import TAKES_TIME
from shop.visits.showing import count_words
from shop.visits.slots import Stretch, free_stretches
from shop.wallet.models import Credit

LEAST_FREE_MINUTES = 30
STATES = {
    "booked": ("booked", "open"),
    "arrived": ("here", "wait"),
    "done": ("done", "good"),
    "no_show": ("missed", "no"),
    "cancelled": ("cancelled", "quiet"),
    "moved": ("moved", "quiet"),
}


@dataclass(frozen=True)
class Entry:
    """One appointment as the desk sees it; nothing of it is about health."""

    number: str
    client_id: int
    client: str
    phone: str
    name: str
    count_words: str
    kind: str
    starts_at: datetime
    leaves_at: datetime
    practitioner_id: int
    practitioner: str
    room: str
    state: str
    state_words: tuple[str, str]
    is_confirmed: bool

    @property
    def is_ahead(self) -> bool:
        return self.state in ("booked", "arrived")

    @property
    def day(self) -> date:
        return clock.local(self.starts_at).date()


@dataclass(frozen=True)
class Column:
    """One practitioner's day, in order of time; `off` says that nobody is seen."""

    practitioner_id: int
    name: str
    entries: list[Entry]
    free: list[Stretch]
    off: str

    @property
    def items(self) -> list[tuple[datetime, Entry | None, Stretch | None]]:
        found: list[tuple[datetime, Entry | None, Stretch | None]] = [(e.starts_at, e, None) for e in self.entries]
        found += [(stretch.starts, None, stretch) for stretch in self.free]
        return sorted(found, key=lambda item: item[0])


@dataclass(frozen=True)
class Day:
    day: date
    columns: list[Column]
    entries: list[Entry]

    @property
    def next(self) -> Entry | None:
        """Whoever is here already, else whoever comes next."""
        waiting = [one for one in self.entries if one.state == "arrived"]
        coming = [one for one in self.entries if one.state == "booked" and one.leaves_at > clock.now()]
        return next(iter(waiting + coming), None)


def day_of(on: date, *, practitioner_id: int | None = None, reader: Reader | None = None) -> Day:
    """Six statements, one more for a reader who sees not everybody's. Those without work and without appointments that day have no column."""
    diaries, now = calendars.load(on, on), clock.now()
    entries = entries_of(Visit.starts_at >= clock.local_midnight(on), Visit.starts_at < clock.end_of_day(on))
    if reader is not None:
        entries = only_seen(reader, entries, lambda one: one.client_id)
    if practitioner_id is not None:
        entries = [one for one in entries if one.practitioner_id == practitioner_id]
    columns = []
    for diary, who in zip(diaries.plan(on).diaries, diaries.practitioners, strict=True):
        mine = [one for one in entries if one.practitioner_id == who.id]
        off = diaries.why_off(who.id, on)
        if practitioner_id in (None, who.id) and (diary.shifts or mine or off):
            free = [one for one in free_stretches(diary, least_minutes=LEAST_FREE_MINUTES) if one.ends > now]
            columns.append(Column(who.id, who.name, mine, free, "" if off is None else off.name or "Away"))
    return Day(on, columns, entries)


def entries_of(*conditions: Any) -> list[Entry]:
    """Appointments with their client, series and place, in one statement; moved ones are shown where they are now."""
    columns = (Client.name, Client.phone, Credit.name, Credit.granted, _rank(), Practitioner.name, Room.name)
    rows = select(Visit, *columns).select_from(Visit).join(Client, Client.id == Visit.client_id)
    rows = rows.join(Practitioner, Practitioner.id == Visit.practitioner_id).join(Room, Room.id == Visit.room_id)
    wanted = rows.outerjoin(Credit, Credit.id == Visit.credit_id).where(Visit.state != "moved", *conditions)
    return [_entry(*row) for row in db.session.execute(wanted.order_by(Visit.starts_at, Visit.id))]


def counts_of(first: date, last: date) -> dict[date, int]:
    """How many appointments each day between two has; one statement."""
    begins, ends = clock.local_midnight(first), clock.local_midnight(last + timedelta(days=1))
    rows = select(Visit.starts_at).where(Visit.state.in_(TAKES_TIME), Visit.starts_at >= begins, Visit.starts_at < ends)
    found: dict[date, int] = {}
    for starts_at in db.session.scalars(rows):
        on = clock.local(starts_at).date()
        found[on] = found.get(on, 0) + 1
    return found


def weeks_of(month: date) -> Sequence[list[date]]:
    """The weeks that a month touches, each from Monday to Sunday."""
    first = month.replace(day=1) - timedelta(days=month.replace(day=1).weekday())
    weeks = []
    while first.month == month.month or first < month.replace(day=1):
        weeks.append([first + timedelta(days=n) for n in range(7)])
        first += timedelta(days=7)
    return weeks


def _rank() -> Any:
    """Which of its series a visit is, over those done and booked, and those used elsewhere before there were visits here."""
    other = aliased(Visit)
    same = (other.credit_id == Visit.credit_id, other.state.in_(TAKES_TIME), other.starts_at <= Visit.starts_at)
    seen = select(func.count(other.id)).where(*same, other.kind.in_(("session", "upkeep"))).scalar_subquery()
    used = aliased(Visit)
    known = select(func.count(used.id)).where(used.credit_id == Visit.credit_id, used.session.in_(("used", "lost")))
    return seen + func.coalesce(Credit.used - known.scalar_subquery(), 0)


def _entry(visit: Visit, client: str, phone: str, name: str, granted: int, rank: int, who: str, room: str) -> Entry:
    counted = rank if visit.state in TAKES_TIME and visit.kind in ("session", "upkeep") else 0
    return Entry(
        number=visit.number,
        client_id=visit.client_id,
        client=client,
        phone=phone,
        name=name if name and visit.kind != "consultation" else WORDS[visit.kind],
        count_words=count_words(counted, granted),
        kind=visit.kind,
        starts_at=visit.starts_at,
        leaves_at=visit.leaves_at,
        practitioner_id=visit.practitioner_id,
        practitioner=who,
        room=room,
        state=visit.state,
        state_words=STATES[visit.state],
        is_confirmed=visit.confirmed_at is not None,
    )
