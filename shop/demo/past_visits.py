"""The visits behind the sessions of the demo clinic's year: who treated, in which room, and nobody in two places at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from shop.catalog.models import Treatment
from shop.core import clock
from shop.core.db import db
from shop.demo.calendars import OPEN, SUNDAY
from shop.visits.models import Practitioner, Room, Visit, WorkingHours, practitioner_treatment

BY = "demo"
QUARTERS, BUFFER = 15, timedelta(minutes=10)


@dataclass
class Diary:
    """Who gives what on which weekdays, and what is taken: {(kind, id): [(from, until)]}."""

    minutes: dict[int, int]
    gives: dict[int, list[int]]
    weekdays: dict[int, set[int]]
    rooms: list[int]
    taken: dict[tuple[str, int], list[tuple[datetime, datetime]]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def find(self, treatment_id: int, client_id: int, day: date, dice: Random) -> dict[str, Any] | None:
        """A time of that day with who and where; None when nobody who treats it works then."""
        length = timedelta(minutes=self.minutes[treatment_id])
        for who in self.gives.get(treatment_id, ()):
            if day.weekday() not in self.weekdays[who]:
                continue
            for starts in self._times(day, length, dice):
                until = starts + length + BUFFER
                room = next((one for one in self.rooms if self._is_free("room", one, starts, until)), None)
                people = (("practitioner", who), ("client", client_id))
                if room is not None and all(self._is_free(*one, starts, until) for one in people):
                    for one in (*people, ("room", room)):
                        self.taken.setdefault(one, []).append((starts, until))
                    when = {"starts_at": starts, "leaves_at": starts + length, "ends_at": until}
                    return when | {"practitioner_id": who, "room_id": room}
        return None

    def keep(self, slot: dict[str, Any], *, was_there: bool, credit: dict[str, Any], uid: str) -> None:
        """Done, or missed. `credit` are the columns that name what it was taken from."""
        states = {"state": "done", "session": "used"} if was_there else {"state": "no_show", "session": "lost"}
        at = slot["leaves_at"]
        moments = {"arrived_at": slot["starts_at"], "done_at": at} if was_there else {"arrived_at": None, "done_at": None}
        facts = {"number": uid, "uid": uid, "cause": f"demo:{uid}", "by": BY, "kind": "session", "turn": 0, "sequence": 0}
        made = {"made_at": slot["starts_at"] - timedelta(days=6), "changed_at": at, "fee_minor": 0}
        self.rows.append(slot | states | moments | facts | made | credit)

    def write(self) -> None:
        if self.rows:
            db.session.execute(insert(Visit), self.rows)

    def _times(self, day: date, length: timedelta, dice: Random) -> Iterator[datetime]:
        opens, closes = OPEN[day.weekday()]
        room = (closes - opens) * 60 - int(length.total_seconds()) // 60
        for _ in range(6):
            minute = opens * 60 + QUARTERS * dice.randrange(max(1, room // QUARTERS))
            yield clock.at_local(day, time(minute // 60, minute % 60))

    def _is_free(self, kind: str, id: int, starts: datetime, until: datetime) -> bool:
        return all(until <= since or starts >= ends for since, ends in self.taken.get((kind, id), ()))


def open_diary() -> Diary:
    """Four statements."""
    gives: dict[int, list[int]] = {}
    for who, treatment in db.session.execute(select(practitioner_treatment).order_by(*practitioner_treatment.c)):
        gives.setdefault(treatment, []).append(who)
    weekdays: dict[int, set[int]] = {who: set() for who in db.session.scalars(select(Practitioner.id))}
    hours = select(WorkingHours.practitioner_id, WorkingHours.weekday).where(WorkingHours.weekday != SUNDAY)
    for who, weekday in db.session.execute(hours):
        weekdays[who].add(weekday)
    return Diary(
        minutes=dict(db.session.execute(select(Treatment.id, Treatment.minutes)).all()),
        gives=gives,
        weekdays=weekdays,
        rooms=list(db.session.scalars(select(Room.id).order_by(Room.position))),
    )
