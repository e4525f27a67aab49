"""Who treats, in which rooms, at which hours of the week, and on which days not."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk

practitioner_treatment = Table(
    "practitioner_treatment",
    Base.metadata,
    Column("practitioner_id", ForeignKey("practitioner.id"), primary_key=True),
    Column("treatment_id", ForeignKey("treatment.id"), primary_key=True),
)


class Practitioner(Base):
    """Somebody with a calendar. `member_id` is the face on the public pages, `user_id` who signs in at the desk.

    Whoever has left the clinic is not `is_active`: visits of the past keep their name.
    """

    __tablename__ = "practitioner"

    id: Mapped[IdPk]
    name: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("team_member.id"), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), unique=True)
    gives_consultations: Mapped[bool] = mapped_column(default=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class Room(Base):
    """Where one client at a time is treated; any room suits any treatment."""

    __tablename__ = "room"

    id: Mapped[IdPk]
    name: Mapped[str] = mapped_column(unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class WorkingHours(Base):
    """One weekday (0 is Monday) of one practitioner, in minutes since midnight on the clinic's wall.

    `breaks` lists [from_minute, to_minute].
    """

    __tablename__ = "working_hours"
    __table_args__ = (
        UniqueConstraint("practitioner_id", "weekday"),
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("from_minute >= 0 and to_minute <= 1440 and from_minute < to_minute", name="minutes"),
    )

    id: Mapped[IdPk]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    weekday: Mapped[int]
    from_minute: Mapped[int]
    to_minute: Mapped[int]
    breaks: Mapped[list[Any]]


class DayOff(Base):
    """Days, both counted, on which a practitioner (or with none named, the whole clinic) sees nobody.

    `kind` never says why somebody is away.
    """

    __tablename__ = "day_off"
    __table_args__ = (
        CheckConstraint("kind in ('away', 'closed')", name="kind"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("(kind = 'closed') = (practitioner_id is null)", name="whose"),
        Index("ix_day_off_days", "last_day", "first_day"),
    )

    id: Mapped[IdPk]
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    name: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
