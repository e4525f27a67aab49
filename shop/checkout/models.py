"""The till, closed from time to time: what should have been there, what was counted, and why they differ."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk


@append_only
class TillClose(Base):
    """`expected` and `counted` are {means: minor units} since the close before; cash is what lies in the drawer.

    `left_minor` stays in the drawer for the next day. `number` has no gaps: of two people who close at once one succeeds.
    """

    __tablename__ = "till_close"
    __table_args__ = (CheckConstraint("left_minor >= 0 and number > 0", name="amounts"),)

    id: Mapped[IdPk]
    number: Mapped[int] = mapped_column(unique=True)
    expected: Mapped[dict[str, Any]]
    counted: Mapped[dict[str, Any]]
    moved: Mapped[dict[str, Any]]
    difference_minor: Mapped[int]
    left_minor: Mapped[int]
    reason: Mapped[str]
    currency: Mapped[str]
    closed_at: Mapped[datetime]
    by: Mapped[str]
