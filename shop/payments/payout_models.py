"""What Stripe sent to the clinic's bank, and every entry that each sum is made of."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk


class Payout(Base):
    """One line on the bank's statement. `is_read` once its entries are here; a payout by hand has none to read."""

    __tablename__ = "payout"
    __table_args__ = (Index("ix_payout_arrives", "arrives_on", "id"),)

    id: Mapped[IdPk]
    stripe_id: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    arrives_on: Mapped[date]
    made_at: Mapped[datetime]
    is_automatic: Mapped[bool]
    is_read: Mapped[bool] = mapped_column(default=False)


@append_only
class PayoutLine(Base):
    """One entry of Stripe's account; below nothing for what left it. `net_minor` is the amount less Stripe's fee."""

    __tablename__ = "payout_line"
    __table_args__ = (
        CheckConstraint(
            "kind in ('charge', 'refund', 'refund_failure', 'dispute', 'dispute_reversal', 'fee', 'other')", name="kind"
        ),
        CheckConstraint("net_minor = amount_minor - fee_minor", name="net"),
        Index("ix_payout_line_payout", "payout_id", "id"),
        Index("ix_payout_line_intent", "payment_intent"),
    )

    id: Mapped[IdPk]
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"))
    stripe_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    amount_minor: Mapped[int]
    fee_minor: Mapped[int]
    net_minor: Mapped[int]
    source: Mapped[str | None]
    payment_intent: Mapped[str | None]
    words: Mapped[str]
    at: Mapped[datetime]
