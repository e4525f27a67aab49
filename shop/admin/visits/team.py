"""Who treats what at which hours, and which rooms there are, as the clinic sets them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from shop.accounts.models import User
from shop.catalog.models import TeamMember, Treatment
from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.visits.models import Practitioner, Room, WorkingHours, practitioner_treatment

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Shift:
    """One weekday as it was typed; all in minutes since midnight."""

    from_minute: int
    to_minute: int
    breaks: list[list[int]]


@dataclass(frozen=True, kw_only=True)
class Setup:
    """Everything about one practitioner that the page sets."""

    name: str
    treatments: frozenset[int]
    week: Mapping[int, Shift]
    gives_consultations: bool
    is_active: bool
    user_id: int | None
    member_id: int | None


def get_practitioner(practitioner_id: int) -> Practitioner:
    """Raises NotFound."""
    return one_or_404(select(Practitioner).where(Practitioner.id == practitioner_id), "Nobody of that number works here.")


def everybody() -> Sequence[Practitioner]:
    return db.session.scalars(select(Practitioner).order_by(Practitioner.is_active.desc(), Practitioner.position)).all()


def rooms() -> Sequence[Room]:
    return db.session.scalars(select(Room).order_by(Room.position, Room.id)).all()


def week_of(practitioner_id: int) -> dict[int, WorkingHours]:
    rows = select(WorkingHours).where(WorkingHours.practitioner_id == practitioner_id)
    return {row.weekday: row for row in db.session.scalars(rows)}


def treatments_of(practitioner_id: int) -> set[int]:
    link = practitioner_treatment.c
    return set(db.session.scalars(select(link.treatment_id).where(link.practitioner_id == practitioner_id)))


def treatments() -> list[tuple[int, str]]:
    rows = select(Treatment.id, Treatment.name).order_by(Treatment.position, Treatment.id)
    return [(row.id, row.name) for row in db.session.execute(rows)]


def faces() -> list[tuple[int, str]]:
    rows = select(TeamMember.id, TeamMember.name).order_by(TeamMember.position, TeamMember.id)
    return [(row.id, row.name) for row in db.session.execute(rows)]


def sign_ins() -> list[tuple[int, str]]:
    """Members of staff who may look after their own calendar."""
    rows = select(User.id, User.name, User.email).where(User.role.is_not(None), User.disabled_at.is_(None))
    return [(row.id, row.name or row.email) for row in db.session.execute(rows.order_by(User.name, User.id))]


def keep(who: Practitioner | None, setup: Setup, *, by: str) -> Practitioner:
    """Add or change a practitioner. Booked visits stay as they are. Raises Conflict when face or sign-in is another's."""
    if not setup.name.strip():
        raise Refused("Everybody has a name.", field="name")
    for column, value in (("user_id", setup.user_id), ("member_id", setup.member_id)):
        taken = select(Practitioner.name).where(
            getattr(Practitioner, column) == value, Practitioner.id != (who.id if who else 0)
        )
        if value is not None and (name := db.session.scalar(taken)):
            raise Conflict(f"That one belongs to {name} already.")
    if who is None:
        who = Practitioner(name=setup.name, position=len(everybody()))
        db.session.add(who)
    for field in ("name", "gives_consultations", "is_active", "user_id", "member_id"):
        setattr(who, field, getattr(setup, field))
    db.session.flush()
    _treatments(who.id, setup.treatments)
    _week(who.id, setup.week)
    record(f"practitioner:{who.id}", axis="setup", was=None, now="changed", by=by)
    return who


def add_room(name: str, *, by: str) -> None:
    """Raises Conflict for a name that is there, Refused for none."""
    name = " ".join(name.split())[:60]
    if not name:
        raise Refused("A room has a name.", field="room")
    if db.session.scalar(select(Room.id).where(Room.name == name)):
        raise Conflict("A room of that name is there already.")
    db.session.add(Room(name=name, position=len(rooms())))
    record("rooms", axis="list", was=None, now=name, by=by)
    db.session.flush()


def switch_room(room_id: int, *, by: str) -> None:
    """Open a room or close it for new bookings."""
    room = one_or_404(select(Room).where(Room.id == room_id), "This room is not here.")
    room.is_active = not room.is_active
    record("rooms", axis="list", was=None, now=f"{room.name}: {'open' if room.is_active else 'closed'}", by=by)
    db.session.flush()


def _treatments(practitioner_id: int, wanted: frozenset[int]) -> None:
    link = practitioner_treatment
    changed(delete(link).where(link.c.practitioner_id == practitioner_id))
    known = {treatment_id for treatment_id, _ in treatments()}
    rows = [{"practitioner_id": practitioner_id, "treatment_id": one} for one in sorted(wanted & known)]
    if rows:
        db.session.execute(link.insert(), rows)


def _week(practitioner_id: int, week: Mapping[int, Shift]) -> None:
    changed(delete(WorkingHours).where(WorkingHours.practitioner_id == practitioner_id))
    for weekday, shift in week.items():
        db.session.add(WorkingHours(practitioner_id=practitioner_id, weekday=weekday, **vars(shift)))
    db.session.flush()
