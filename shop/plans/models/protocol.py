"""A protocol is a plan without a person: what a consultant begins from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class Protocol(Base):
    """Belongs to the clinic (`owner_id` missing) or to whoever wrote it; the clinic keeps it when that person leaves.

    `content` holds no client: {"package", "goal", "message", "review_weeks", "lines": [{"kind", "step", …}]}.
    """

    __tablename__ = "plan_protocol"

    id: Mapped[IdPk]
    name: Mapped[str]
    concern: Mapped[str] = mapped_column(default="")
    content: Mapped[dict[str, Any]]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    is_shared: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
