"""What has been scanned into a parcel that has not left yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class PackScan(Base):
    """Working memory of the packing table: gone as soon as the parcel has left."""

    __tablename__ = "pack_scan"
    __table_args__ = (CheckConstraint("units > 0", name="units"),)

    id: Mapped[IdPk]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
    units: Mapped[int]
    cause: Mapped[str] = mapped_column(unique=True)
    by: Mapped[str]
    at: Mapped[datetime]
