"""Lists of orders that a member of staff has given a name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class SavedFilter(Base):
    """`wanted` holds the filters as they stand in the address."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[IdPk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str]
    wanted: Mapped[dict[str, Any]]
