"""Money: tries to pay, what Stripe told us, and an append-only ledger of which every amount is a sum."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk

# Word for word the condition of a partial index: the till adds up these alone.
AT_TILL = "tender in ('cash', 'terminal', 'bank')"
TENDERS = ("stripe", "gift_card", "cash", "terminal", "bank", "none")


class PaymentAttempt(Base):
    """One try to pay one order. The intent is committed before Stripe is called, its answer after.

    `asked` keeps what Stripe was asked, moment of expiry included: a retry under the same key must say the same.
    `expires_at` is when its page closes; while a slow bank decides it moves on, as the moment to look again.
    """

    __tablename__ = "payment_attempt"
    __table_args__ = (
        CheckConstraint("state in ('made', 'open', 'paid', 'expired', 'failed', 'odd')", name="state"),
        CheckConstraint("amount_minor >= 0", name="amount"),
        Index("ix_payment_attempt_order", "order_number", "id"),
        Index("ix_payment_attempt_state", "state", "expires_at"),
    )

    id: Mapped[IdPk]
    order_number: Mapped[str]
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    amount_minor: Mapped[int]
    currency: Mapped[str]
    asked: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="made")
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    session_id: Mapped[str | None] = mapped_column(unique=True)
    session_url: Mapped[str | None]


class InboxEvent(Base):
    """A signed message from Stripe, kept before it is believed; the event's id makes a second delivery harmless."""

    __tablename__ = "payment_inbox"
    __table_args__ = (Index("ix_payment_inbox_open", "done_at", "due_at"),)

    event_id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    object_id: Mapped[str] = mapped_column(default="")
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


@append_only
class PaymentEvent(Base):
    """A fact about money: `captured` adds, `refunded` and `disputed` take away; `reference` makes it unique.

    It is also the history of an order's payment: who, when, by which means; `note` is a terminal's or bank's own reference.
    """

    __tablename__ = "payment_event"
    __table_args__ = (
        CheckConstraint("tender in ('stripe', 'gift_card', 'cash', 'terminal', 'bank', 'none')", name="tender"),
        Index("ix_payment_event_order", "order_number", "id"),
        Index(
            "ix_payment_event_till",
            "tender",
            "kind",
            "amount_minor",
            sqlite_where=text(AT_TILL),
            postgresql_where=text(AT_TILL),
        ),
    )

    id: Mapped[IdPk]
    order_number: Mapped[str]
    kind: Mapped[str]
    tender: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    reference: Mapped[str] = mapped_column(unique=True)
    payment_intent: Mapped[str | None] = mapped_column(index=True)
    attempt_id: Mapped[int | None]
    at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str | None]


class Refund(Base):
    """Money on its way back; its amount is reserved from the moment it is asked for."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint(
            "state in ('requested', 'submitted', 'pending', 'requires_action', 'succeeded', 'failed', 'canceled', 'unknown')",
            name="state",
        ),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    id: Mapped[IdPk]
    order_number: Mapped[str] = mapped_column(index=True)
    tender: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(default="requested")
    cause: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    parts: Mapped[list[Any]]
    payment_intent: Mapped[str | None]
    stripe_id: Mapped[str | None] = mapped_column(unique=True)
    by: Mapped[str]
    requested_at: Mapped[datetime]
    changed_at: Mapped[datetime]
