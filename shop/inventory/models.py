"""Stock by variant, place and lot: three counters that movements explain, and that can never promise what is not there."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk

MAIN_LOCATION = "shop"
UNKNOWN_LOT = "unknown"


class Location(Base):
    """A shelf the clinic counts apart; there is one until a second is needed."""

    __tablename__ = "location"

    id: Mapped[IdPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Lot(Base):
    """A production batch of one variant; `code` is "unknown" for goods counted in before lots were kept.

    `on_market_since` is the day this batch was first placed on the market, where it is not the product's.
    """

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("variant_id", "code"),
        CheckConstraint("state in ('open', 'quarantine', 'recalled')", name="state"),
    )

    id: Mapped[IdPk]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"))
    code: Mapped[str]
    expires_on: Mapped[date | None]
    on_market_since: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="open")


class Stock(Base):
    """available = on_hand − allocated − held. `held` waits for a payment, `allocated` for a parcel."""

    __tablename__ = "stock"
    __table_args__ = (
        UniqueConstraint("variant_id", "location_id", "lot_id"),
        CheckConstraint("allocated >= 0 and held >= 0 and on_hand >= allocated + held", name="never_oversold"),
        Index("ix_stock_lot", "lot_id"),
    )

    id: Mapped[IdPk]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    on_hand: Mapped[int] = mapped_column(default=0)
    allocated: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)

    lot: Mapped[Lot] = relationship(lazy="raise_on_sql")

    @property
    def available(self) -> int:
        return self.on_hand - self.allocated - self.held


@append_only
class StockMovement(Base):
    """Why `on_hand` or `allocated` changed; the sums of a stock row's movements are its counters.

    `held` has no movements: holds live for minutes, and each is explained by an open attempt to pay.
    """

    __tablename__ = "stock_movement"
    __table_args__ = (
        UniqueConstraint("cause", "stock_id"),
        Index("ix_stock_movement_kind_at", "kind", "at"),
        CheckConstraint("on_hand_change <> 0 or allocated_change <> 0", name="changes_something"),
    )

    id: Mapped[IdPk]
    stock_id: Mapped[int] = mapped_column(ForeignKey("stock.id"), index=True)
    kind: Mapped[str]
    on_hand_change: Mapped[int] = mapped_column(default=0)
    allocated_change: Mapped[int] = mapped_column(default=0)
    cause: Mapped[str]
    by: Mapped[str]
    reason: Mapped[str | None]
    at: Mapped[datetime]
