"""Products a client keeps for later, and when a client was reminded of a bag."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class Wish(Base):
    """A product, not a size: which one is chosen when it goes into the bag."""

    __tablename__ = "wish"
    __table_args__ = (UniqueConstraint("client_id", "product_id"), Index("ix_wish_product", "product_id"))

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    made_at: Mapped[datetime]


class BagReminder(Base):
    """The one reminder of a client's bag: `left_at` is when the last thing had gone into it."""

    __tablename__ = "bag_reminder"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    left_at: Mapped[datetime]
    told_at: Mapped[datetime]
