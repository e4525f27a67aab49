"""Free times, purely: a start is free when practitioner, room and client are, for the visit and for the room's clearing up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shop.core import clock

DAY_MINUTES = 24 * 60


class Stretch(NamedTuple):
    """From a moment until just before another, both aware."""

    starts: datetime
    ends: datetime

    def meets(self, other: Stretch) -> bool:
        return self.starts < other.ends and other.starts < self.ends

    def holds(self, other: Stretch) -> bool:
        return self.starts <= other.starts and other.ends <= self.ends


@dataclass(frozen=True, slots=True)
class Hours:
    """One working day in minutes since midnight on the clinic's wall; `breaks` as (from, to)."""

    from_minute: int
    to_minute: int
    breaks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Diary:
    """One practitioner's day: when she works, and what is booked."""

    practitioner_id: int
    shifts: tuple[Stretch, ...]
    busy: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One room's day."""

    room_id: int
    busy: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Length:
    """How long a client is there, and how long the room takes afterwards."""

    minutes: int
    buffer_minutes: int = 0

    def from_start(self, starts: datetime) -> tuple[Stretch, Stretch]:
        """What the client needs, and what practitioner and room need."""
        leaves = starts + timedelta(minutes=self.minutes)
        return Stretch(starts, leaves), Stretch(starts, leaves + timedelta(minutes=self.buffer_minutes))


@dataclass(frozen=True, slots=True)
class Slot:
    """A free start with who would treat and where."""

    starts_at: datetime
    leaves_at: datetime
    ends_at: datetime
    practitioner_id: int
    room_id: int


@dataclass(frozen=True)
class DayPlan:
    """Everything that decides about the free times of one day."""

    diaries: Sequence[Diary]
    rooms: Sequence[Place]
    client: Sequence[Stretch] = field(default=())


def shifts_of(day: date, hours: Hours | None, *, tz: ZoneInfo) -> tuple[Stretch, ...]:
    """The stretches of work of a day, breaks taken out, as moments; on a day of clock change they have their real length."""
    if hours is None:
        return ()
    edges = [hours.from_minute]
    for begins, ends in sorted(hours.breaks):
        edges += [min(max(begins, edges[-1]), hours.to_minute), min(max(ends, edges[-1]), hours.to_minute)]
    edges.append(hours.to_minute)
    moments = [_moment(day, minute, tz) for minute in edges]
    pairs = zip(moments[::2], moments[1::2], strict=True)
    return tuple(Stretch(begins, ends) for begins, ends in pairs if begins < ends)


def free_slots(
    plan: DayPlan, length: Length, *, step_minutes: int, not_before: datetime, practitioner_id: int | None = None
) -> list[Slot]:
    """Every free start of a day, earliest first: one per start, with the practitioner who has least to do that day."""
    wanted = [diary for diary in plan.diaries if practitioner_id in (None, diary.practitioner_id)]
    by_load = sorted(wanted, key=lambda diary: len(diary.busy))  # a stable sort: the clinic's own order decides a tie
    starts = sorted({start for diary in wanted for start in _starts(diary.shifts, length, step_minutes)})
    found = (_slot(start, plan, by_load, length) for start in starts if start >= not_before)
    return [slot for slot in found if slot is not None]


def slot_at(plan: DayPlan, length: Length, *, starts_at: datetime, practitioner_id: int | None = None) -> Slot | None:
    """The one start that was asked for, if it is free."""
    wanted = [diary for diary in plan.diaries if practitioner_id in (None, diary.practitioner_id)]
    return _slot(starts_at, plan, sorted(wanted, key=lambda diary: len(diary.busy)), length)


def free_stretches(diary: Diary, *, least_minutes: int) -> list[Stretch]:
    """What is left of a practitioner's day, leaving out what is too short for anybody."""
    gaps: list[Stretch] = []
    for shift in diary.shifts:
        begins = shift.starts
        for taken in sorted(one for one in diary.busy if one.meets(shift)):
            gaps.append(Stretch(begins, taken.starts))
            begins = max(begins, taken.ends)
        gaps.append(Stretch(begins, shift.ends))
    return [gap for gap in gaps if gap.ends - gap.starts >= timedelta(minutes=max(1, least_minutes))]


def _starts(shifts: Iterable[Stretch], length: Length, step_minutes: int) -> Iterator[datetime]:
    step = timedelta(minutes=step_minutes)
    for shift in shifts:
        start = shift.starts
        while length.from_start(start)[1].ends <= shift.ends:
            yield start
            start += step


def _slot(start: datetime, plan: DayPlan, diaries: Sequence[Diary], length: Length) -> Slot | None:
    there, taken = length.from_start(start)
    if any(there.meets(other) for other in plan.client):
        return None
    room = next((place for place in plan.rooms if not any(taken.meets(other) for other in place.busy)), None)
    if room is None:
        return None
    diary = next((diary for diary in diaries if _is_free(diary, taken)), None)
    return None if diary is None else Slot(start, there.ends, taken.ends, diary.practitioner_id, room.room_id)


def _is_free(diary: Diary, taken: Stretch) -> bool:
    works = any(shift.holds(taken) for shift in diary.shifts)
    return works and not any(taken.meets(other) for other in diary.busy)


def _moment(day: date, minute: int, tz: ZoneInfo) -> datetime:
    if minute >= DAY_MINUTES:
        return clock.local_midnight(day + timedelta(days=1), tz)
    return clock.at_local(day, time(minute // 60, minute % 60), tz)
