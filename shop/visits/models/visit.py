"""An appointment: one client, one practitioner, one room and one stretch of time that nobody else gets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk
from shop.visits.overlap import never_overlapping

KINDS = ("consultation", "session", "review", "upkeep")
TAKES_TIME = ("booked", "arrived", "done")  # states in which the practitioner, the room and the client are busy
AHEAD = ("booked", "arrived")


@never_overlapping
class Visit(Base):
    """`leaves_at` is when the client goes, `ends_at` when the room is ready again.

    `session` says what became of the prepaid session: none (nothing prepaid), held, used, lost (late or not there),
    free (given back). `turn` counts undone acts, so that each act's move in the ledger has a cause of its own.
    A moved visit keeps `uid`, under which calendars know it, and the next row carries it on with a higher `sequence`.
    `fee_minor` is what this appointment costs by itself, `fee_order` the order that paid it, `fee_due_at` until when the
    time is kept without it. `late_fee_minor` is the fee for calling off late as it was said at booking, `owed_minor` what
    of it has become due, `owed_order` the order that paid that.
    The request to start within the withdrawal window stands here as version of its text and moment.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("kind in ('consultation', 'session', 'review', 'upkeep')", name="kind"),
        CheckConstraint("state in ('booked', 'arrived', 'done', 'no_show', 'cancelled', 'moved')", name="state"),
        CheckConstraint("session in ('none', 'held', 'used', 'lost', 'free')", name="session"),
        CheckConstraint("(credit_id is null) = (session = 'none')", name="prepaid"),
        CheckConstraint("starts_at < leaves_at and leaves_at <= ends_at", name="times"),
        CheckConstraint("(express_version is null) = (express_at is null)", name="express"),
        Index("ix_visit_practitioner", "practitioner_id", "starts_at"),
        Index("ix_visit_client", "client_id", "starts_at"),
        Index("ix_visit_starts", "starts_at"),
    )

    id: Mapped[IdPk]
    number: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    credit_id: Mapped[int | None] = mapped_column(ForeignKey("credit.id"), index=True)
    kind: Mapped[str]
    treatment_id: Mapped[int | None] = mapped_column(ForeignKey("treatment.id"))
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    starts_at: Mapped[datetime]
    leaves_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="booked")
    session: Mapped[str] = mapped_column(default="none")
    turn: Mapped[int] = mapped_column(default=0)
    gap_index: Mapped[int | None]
    express_version: Mapped[int | None]
    express_at: Mapped[datetime | None]
    fee_minor: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    fee_order: Mapped[str | None]
    fee_due_at: Mapped[datetime | None]
    late_fee_minor: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    owed_minor: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    owed_order: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    moved_from_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), unique=True)
    uid: Mapped[str] = mapped_column(index=True)
    sequence: Mapped[int] = mapped_column(default=0)
    cause: Mapped[str] = mapped_column(unique=True)
    by: Mapped[str]
    made_at: Mapped[datetime]

    @property
    def is_ahead(self) -> bool:
        return self.state in AHEAD

    @property
    def still_owes(self) -> bool:
        """A fee for calling off late that nobody has paid or waived."""
        return self.owed_minor > 0 and self.owed_order is None

    @property
    def minutes(self) -> int:
        """How long the client is there."""
        return int((self.leaves_at - self.starts_at).total_seconds()) // 60
