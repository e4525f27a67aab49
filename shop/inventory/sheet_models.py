"""What is being scanned: a delivery that is unpacked, or a shelf that is counted, scan by scan."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk


class StockSheet(Base):
    """`open` while scanning, `counted` when its differences wait for approval, `done` when the shelves have changed.

    A sheet without a location is about the first one. `differences` lists [variant, lot, expiry, expected, counted] as they were when the count was closed.
    """

    __tablename__ = "stock_sheet"
    __table_args__ = (
        CheckConstraint("kind in ('delivery', 'count')", name="kind"),
        CheckConstraint("state in ('open', 'counted', 'done', 'dropped')", name="state"),
        Index("ix_stock_sheet_kind", "kind", "state", "id"),
    )

    id: Mapped[IdPk]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    reference: Mapped[str]
    purchase_id: Mapped[int | None] = mapped_column(ForeignKey("purchase.id"), index=True)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)
    cause: Mapped[str] = mapped_column(unique=True)
    differences: Mapped[list[Any]]
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    closed_by: Mapped[str | None]
    closed_at: Mapped[datetime | None]


class SheetScope(Base):
    """What a count is about: everything else on the shelf is none of its business."""

    __tablename__ = "sheet_scope"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("stock_sheet.id"), primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), primary_key=True, index=True)


@append_only
class SheetScan(Base):
    """So many units of one lot; a scan that was wrong is taken back by another one below zero.

    `unit_minor` is what one unit of a delivery cost without VAT, when it was typed; the last one counts.
    """

    __tablename__ = "sheet_scan"
    __table_args__ = (CheckConstraint("units <> 0", name="units"),)

    id: Mapped[IdPk]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("stock_sheet.id"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    lot: Mapped[str]
    expires_on: Mapped[date | None]
    units: Mapped[int]
    unit_minor: Mapped[int | None]
    cause: Mapped[str] = mapped_column(unique=True)
    by: Mapped[str]
    at: Mapped[datetime]
