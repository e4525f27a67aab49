"""A buyer's word on a product, in whichever state the clinic's reading has left it; and which orders were asked about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedText

STATES = ("waiting", "shown", "stars", "declined")
COUNTED = ("shown", "stars")


class Review(Base):
    """One for each product and client. `stars`: the figure counts, the words are not shown; `reason` is why, for the client.

    The words are sealed: until they are published they may hold what nobody meant to publish.
    """

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("product_id", "client_id"),
        CheckConstraint("stars between 1 and 5", name="stars"),
        CheckConstraint("state in ('waiting', 'shown', 'stars', 'declined')", name="state"),
        CheckConstraint("(state = 'waiting') = (decided_at is null)", name="decided"),
        Index("ix_review_product", "product_id", "state", "id"),
        Index("ix_review_state", "state", "id"),
        Index("ix_review_client", "client_id"),
    )

    id: Mapped[IdPk]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    stars: Mapped[int]
    text: Mapped[str] = mapped_column(EncryptedText)
    shown_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    turn: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]


class ReviewAsk(Base):
    """This order was asked about; no second letter follows."""

    __tablename__ = "review_ask"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    asked_at: Mapped[datetime]
