"""What a consultant opened for one client and a time: a gated product, a treatment sold after a consultation, a series of their own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class Unlock(Base):
    """Holds on the days from `begins_on` to `ends_on`, both included, unless it was ended before."""

    __tablename__ = "unlock"
    __table_args__ = (
        CheckConstraint("(product_id is null) <> (package_id is null)", name="one_thing"),
        CheckConstraint("begins_on <= ends_on", name="days"),
        Index("ix_unlock_client", "client_id", "ends_on"),
    )

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    cause: Mapped[str] = mapped_column(unique=True)
    by: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
