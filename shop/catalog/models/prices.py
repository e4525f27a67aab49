"""Prices that begin, and perhaps end, at a moment the clinic has written down."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class ScheduledPrice(Base):
    """A price of one size or one package from `starts_at` on, with `ends_at` until just before it.

    waiting → running (only with an end) → done; `stopped` by a person at any time. `next_at` is when the next of these
    steps is due, and nothing else is asked to find it. `before_minor` is the price that comes back at the end.
    """

    __tablename__ = "scheduled_price"
    __table_args__ = (
        CheckConstraint("(variant_id is null) <> (package_id is null)", name="one_thing"),
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("ends_at is null or ends_at > starts_at", name="span"),
        CheckConstraint("state in ('waiting', 'running', 'done', 'stopped')", name="state"),
        CheckConstraint("(state in ('waiting', 'running')) = (next_at is not null)", name="next_at"),
        CheckConstraint("state <> 'running' or (ends_at is not null and before_minor is not null)", name="running"),
        Index(
            "ix_scheduled_price_due",
            "next_at",
            sqlite_where=text("next_at is not null"),
            postgresql_where=text("next_at is not null"),
        ),
        Index("ix_scheduled_price_variant", "variant_id"),
        Index("ix_scheduled_price_package", "package_id"),
    )

    id: Mapped[IdPk]
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variant.id"))
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))
    price_minor: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="waiting")
    next_at: Mapped[datetime | None]
    before_minor: Mapped[int | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
