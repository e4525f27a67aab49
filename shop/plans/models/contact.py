"""How a plan reaches its client and what comes back: links, what happened, and the thread of questions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedText

KINDS = (
    "sent",
    "seen",
    "confirmed",
    "added",
    "accepted",
    "declined",
    "bought",
    "reminded",
    "stopped",
    "reviewed",
    "withdrawn",
)


class PlanLink(Base):
    """One address that opens a plan: only its hash is kept, it ends by itself, and it can be ended at once."""

    __tablename__ = "plan_link"
    __table_args__ = (CheckConstraint("expires_at > made_at", name="expires"),)

    id: Mapped[IdPk]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    by: Mapped[str]


@append_only
class PlanEvent(Base):
    """Something happened to a plan. `key` makes the same thing happen once; `detail` is a word of a short list."""

    __tablename__ = "plan_event"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        Index("ix_plan_event_plan", "plan_id", "kind"),
    )

    id: Mapped[IdPk]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    detail: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]


class PlanMessage(Base):
    """One message of the thread, sealed; `answered_at` says that somebody of the clinic has dealt with a question."""

    __tablename__ = "plan_message"
    __table_args__ = (
        CheckConstraint("side in ('client', 'clinic')", name="side"),
        Index("ix_plan_message_open", "answered_at", "made_at"),
    )

    id: Mapped[IdPk]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    side: Mapped[str]
    words: Mapped[str] = mapped_column(EncryptedText)
    by: Mapped[str]
    cause: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
