"""Something else was offered in the place of goods that are not there: what the client was asked, and the answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class SubstituteOffer(Base):
    """`waiting` until the client says `yes` or `no`; `gone` when neither article waits for an answer any more."""

    __tablename__ = "substitute_offer"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'yes', 'no', 'gone')", name="state"),
        CheckConstraint("(state = 'waiting') = (answered_at is null)", name="answered_at"),
    )

    id: Mapped[IdPk]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"))
    state: Mapped[str] = mapped_column(default="waiting")
    cause: Mapped[str] = mapped_column(unique=True)
    by: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
