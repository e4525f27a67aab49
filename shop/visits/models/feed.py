"""A client's private calendar address: it holds no secret, only how often it was renewed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class CalendarFeed(Base):
    """The address is signed over client and `edition`; raising the edition, or `ended_at`, closes the old one."""

    __tablename__ = "calendar_feed"

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), unique=True)
    edition: Mapped[int]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
