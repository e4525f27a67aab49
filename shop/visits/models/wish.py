"""Somebody on the waiting list: a client who would like a time, or an earlier one, when one gets free."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class VisitWish(Base):
    """`what` is a credit's code, "consultation" or "review", or "uid:…" of the visit that would rather be earlier.

    One open wish per client and matter. `told_at` is when the client last heard of a free time.
    """

    __tablename__ = "visit_wish"
    __table_args__ = (
        CheckConstraint("ended_why in ('', 'booked', 'withdrawn', 'over')", name="ended"),
        Index("ix_visit_wish_open", "ended_at", "made_at"),
        Index(
            "uq_visit_wish_open",
            "client_id",
            "what",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
    )

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    what: Mapped[str]
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    last_day: Mapped[date]
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
