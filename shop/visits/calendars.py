"""The clinic's diaries of a stretch of days, read in a fixed number of statements: who works when, what is taken where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, or_, select

from shop.core import clock
from shop.core.db import db
from shop.visits.models import DayOff, Practitioner, Room, Visit, WorkingHours, practitioner_treatment
from shop.visits.models.visit import TAKES_TIME
from shop.visits.slots import DayPlan, Diary, Hours, Place, Stretch, shifts_of


@dataclass(frozen=True)
class Taken:
    """A visit as the diaries need it."""

    practitioner_id: int
    room_id: int
    client_id: int
    here: Stretch
    whole: Stretch


@dataclass(frozen=True)
class Calendars:
    """Everything that decides about free times between two days, both counted."""

    practitioners: Sequence[Practitioner]
    rooms: Sequence[Room]
    hours: dict[tuple[int, int], Hours]
    off: Sequence[DayOff]
    taken: Sequence[Taken]

    def plan(self, day: date, *, client_id: int | None = None) -> DayPlan:
        """One day; a client's own visits stand in the way of another at the same time."""
        midnight, ends = clock.local_midnight(day), clock.end_of_day(day)
        today = [one for one in self.taken if one.whole.starts < ends and midnight < one.whole.ends]
        diaries = [
            Diary(who.id, self.shifts(who.id, day), tuple(one.whole for one in today if one.practitioner_id == who.id))
            for who in self.practitioners
        ]
        rooms = [Place(room.id, tuple(one.whole for one in today if one.room_id == room.id)) for room in self.rooms]
        return DayPlan(diaries, rooms, tuple(one.here for one in today if one.client_id == client_id))

    def shifts(self, practitioner_id: int, day: date) -> tuple[Stretch, ...]:
        """Her stretches of work on a day; none when she or the clinic is away."""
        if self.why_off(practitioner_id, day) is not None:
            return ()
        return shifts_of(day, self.hours.get((practitioner_id, day.weekday())), tz=clock.zone())

    def why_off(self, practitioner_id: int, day: date) -> DayOff | None:
        mine = (off for off in self.off if off.practitioner_id in (None, practitioner_id))
        return next((off for off in mine if off.first_day <= day <= off.last_day), None)

    def name_of(self, practitioner_id: int) -> str:
        return next((who.name for who in self.practitioners if who.id == practitioner_id), "")


def load(
    first: date, last: date, *, treatment_id: int | None = None, gives: str = "anything", without: Iterable[int] = ()
) -> Calendars:
    """The diaries of whoever gives a treatment, or consultations (`gives="consultations"`), or of everybody.

    `without` names visits that are not in the way, because they are about to move. Five statements.
    """
    practitioners = list(db.session.scalars(_who(treatment_id, gives)))
    rooms = db.session.scalars(select(Room).where(Room.is_active).order_by(Room.position, Room.id)).all()
    ids = [who.id for who in practitioners]
    hours = {
        (row.practitioner_id, row.weekday): Hours(row.from_minute, row.to_minute, tuple((a, b) for a, b in row.breaks))
        for row in db.session.scalars(select(WorkingHours).where(WorkingHours.practitioner_id.in_(ids)))
    }
    off = db.session.scalars(select(DayOff).where(DayOff.first_day <= last, DayOff.last_day >= first)).all()
    return Calendars(practitioners, rooms, hours, off, _taken(first, last, set(without)))


def _who(treatment_id: int | None, gives: str) -> Select[Practitioner]:
    working = select(Practitioner).where(Practitioner.is_active).order_by(Practitioner.position, Practitioner.id)
    if treatment_id is not None:
        link = practitioner_treatment.c
        treats = select(link.practitioner_id).where(link.treatment_id == treatment_id)
        return working.where(Practitioner.id.in_(treats))
    return working.where(Practitioner.gives_consultations) if gives == "consultations" else working


def _taken(first: date, last: date, without: set[int]) -> list[Taken]:
    begins, ends = clock.local_midnight(first), clock.local_midnight(last + timedelta(days=1))
    columns = (Visit.id, Visit.practitioner_id, Visit.room_id, Visit.client_id)
    times = (Visit.starts_at, Visit.leaves_at, Visit.ends_at)
    busy = select(*columns, *times).where(Visit.state.in_(TAKES_TIME), Visit.starts_at < ends, Visit.ends_at > begins)
    return [
        Taken(
            row.practitioner_id, row.room_id, row.client_id, here=Stretch(row.starts_at, row.leaves_at), whole=_whole(row)
        )
        for row in db.session.execute(busy.order_by(Visit.starts_at))
        if row.id not in without
    ]


def _whole(row: object) -> Stretch:
    return Stretch(row.starts_at, row.ends_at)  # type: ignore[attr-defined]


def overlapping(visit: Visit) -> list[Visit]:
    """Other visits that take this one's practitioner, room or client at the same time."""
    others = select(Visit).where(
        Visit.id != (visit.id or 0),
        Visit.state.in_(TAKES_TIME),
        Visit.starts_at < visit.ends_at,
        Visit.ends_at > visit.starts_at,
        or_(
            Visit.practitioner_id == visit.practitioner_id,
            Visit.room_id == visit.room_id,
            (Visit.client_id == visit.client_id)
            & (Visit.starts_at < visit.leaves_at)
            & (Visit.leaves_at > visit.starts_at),
        ),
    )
    return list(db.session.scalars(others))
