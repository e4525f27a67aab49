"""A practitioner is away, or the clinic is closed: every appointment of those days moves or is called off, and clients are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.visits.booking import Choice
from shop.visits.cancelling import cancel
from shop.visits.models import DayOff, Practitioner, Visit
from shop.visits.models.visit import AHEAD
from shop.visits.offering import offer
from shop.visits.rescheduling import matter_of_visit, move
from shop.visits.slots import Slot
from shop.wallet import periods

MOST_DAYS = 366
OURS = "the clinic moved appointments"  # whoever reads it in the ledger pays unused sessions back in full


@dataclass(frozen=True, kw_only=True)
class Absence:
    """From the first to the last day, both counted; without a practitioner the whole clinic is closed."""

    practitioner_id: int | None
    first: date
    last: date
    name: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Outcome:
    """How many moved and how many were called off."""

    moved: int
    cancelled: int


def affected(absence: Absence) -> list[Visit]:
    """What lies ahead in these days, the earliest first. Raises Refused for days that make no sense."""
    if absence.last < absence.first or absence.days > MOST_DAYS or absence.last < clock.today():
        raise Refused("The last day must be today or later, and not before the first.", field="last")
    begins, ends = clock.local_midnight(absence.first), clock.end_of_day(absence.last)
    ahead = select(Visit).where(Visit.state.in_(AHEAD), Visit.starts_at >= max(begins, clock.now()), Visit.starts_at < ends)
    if absence.practitioner_id is not None:
        ahead = ahead.where(Visit.practitioner_id == absence.practitioner_id)
    return list(db.session.scalars(ahead.order_by(Visit.starts_at, Visit.id)))


def settle(absence: Absence, *, moves: bool, cause: str, by: str) -> Outcome:
    """Write the absence down, then move (or call off) every visit in it; what cannot move is called off.

    Clients are told, their sessions stay theirs and last as many days longer. A second time finds nothing left to do.
    """
    visits = affected(absence)
    _keep(absence, by=by)
    moved = [visit for visit in visits if moves and _move(visit, cause=cause, by=by)]
    left = [visit for visit in visits if visit not in moved]
    for visit in left:
        cancel(visit, by=by, ours=True)
    for credit_id in sorted({visit.credit_id for visit in visits if visit.credit_id}):
        name = f"{cause}:{credit_id}"
        periods.extend(credit_id, days=absence.days, cause=name, by=by, reason=OURS, is_ours=True)
    return Outcome(len(moved), len(left))


def coming() -> Sequence[tuple[DayOff, str]]:
    """Absences that are not over, each with whose it is ("" for the clinic's)."""
    rows = select(DayOff, Practitioner.name).outerjoin(Practitioner).where(DayOff.last_day >= clock.today())
    return [(off, name or "") for off, name in db.session.execute(rows.order_by(DayOff.first_day, DayOff.id))]


def end(day_off_id: int, *, by: str) -> None:
    """Back earlier than thought, or written down by mistake: the times are free again, moved visits stay where they are."""
    off = db.session.get(DayOff, day_off_id)
    if off is None:
        raise Conflict("This absence has been taken away already.")
    record(
        f"practitioner:{off.practitioner_id or 'all'}", axis="away", was=f"{off.first_day}/{off.last_day}", now=None, by=by
    )
    db.session.delete(off)
    db.session.flush()


def nearest(visit: Visit) -> Slot | None:
    """The first day on which the visit may be, at the time of day nearest to its own."""
    wanted = clock.local(visit.starts_at)
    found = offer(matter_of_visit(visit), since=wanted.date(), days=1, moving=visit.id).days
    if not found:
        return None
    minute = wanted.hour * 60 + wanted.minute
    return min(found[0].slots, key=lambda slot: abs(_minute(slot) - minute))


def _move(visit: Visit, *, cause: str, by: str) -> bool:
    slot = nearest(visit)
    if slot is None:
        return False
    choice = Choice(starts_at=slot.starts_at, practitioner_id=slot.practitioner_id, is_staff=True)
    move(visit, choice, cause=f"{cause}:{visit.number}", by=by, ours=True)
    return True


def _keep(absence: Absence, *, by: str) -> None:
    kind = "away" if absence.practitioner_id else "closed"
    days = {"first_day": absence.first, "last_day": absence.last}
    same = select(DayOff.id).filter_by(practitioner_id=absence.practitioner_id, **days)
    if db.session.scalar(same) is None:
        db.session.add(DayOff(practitioner_id=absence.practitioner_id, kind=kind, name=absence.name, by=by, **days))
        whose = absence.practitioner_id or "all"
        record(f"practitioner:{whose}", axis="away", was=None, now=f"{absence.first}/{absence.last}", by=by)
    db.session.flush()


def _minute(slot: Slot) -> int:
    at = clock.local(slot.starts_at)
    return at.hour * 60 + at.minute
