"""What was ordered from whom and what it cost. A clinic that orders nothing here sees none of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk


class Supplier(Base):
    """Who sells to the clinic; `lead_days` pass from the order to the delivery."""

    __tablename__ = "supplier"
    __table_args__ = (CheckConstraint("lead_days between 0 and 365", name="lead_days"),)

    id: Mapped[IdPk]
    name: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(default="")
    lead_days: Mapped[int] = mapped_column(default=7)


class Purchase(Base):
    """`draft` while it is written, `ordered` once it is with the supplier, `part` when some has come, `done` or `cancelled`."""

    __tablename__ = "purchase"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'ordered', 'part', 'done', 'cancelled')", name="state"),
        Index("ix_purchase_state", "state", "id"),
    )

    id: Mapped[IdPk]
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"), index=True)
    state: Mapped[str] = mapped_column(default="draft")
    cause: Mapped[str] = mapped_column(unique=True)
    expected_on: Mapped[date | None]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    ordered_at: Mapped[datetime | None]

    supplier: Mapped[Supplier] = relationship(lazy="joined")


class PurchaseLine(Base):
    """So many units of one article; `received` counts what was shelved, `given_up` what will not come any more.

    `unit_minor` is the agreed price of one unit without VAT, in the shop's currency; None when nobody typed it.
    """

    __tablename__ = "purchase_line"
    __table_args__ = (
        UniqueConstraint("purchase_id", "variant_id"),
        CheckConstraint("units > 0 and received >= 0 and given_up >= 0", name="units"),
        CheckConstraint("unit_minor >= 0", name="unit_minor"),
    )

    id: Mapped[IdPk]
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    units: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    given_up: Mapped[int] = mapped_column(default=0)
    unit_minor: Mapped[int | None]

    @property
    def outstanding(self) -> int:
        return max(0, self.units - self.received - self.given_up)


@append_only
class LotCost(Base):
    """What units of a lot cost without VAT, in minor units of the shop's currency.

    `came` adds a delivery to what is known; `said` was typed by hand and stands for everything before it.
    """

    __tablename__ = "lot_cost"
    __table_args__ = (
        CheckConstraint("kind in ('came', 'said')", name="kind"),
        CheckConstraint("units > 0 and total_minor >= 0", name="amounts"),
        Index("ix_lot_cost_lot", "lot_id", "id"),
    )

    id: Mapped[IdPk]
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    kind: Mapped[str]
    units: Mapped[int]
    total_minor: Mapped[int]
    cause: Mapped[str] = mapped_column(unique=True)
    by: Mapped[str]
    at: Mapped[datetime]
