"""The faces of the clinic, as its pages show them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class TeamMember(Base):
    __tablename__ = "team_member"

    id: Mapped[IdPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    bio: Mapped[str]
    portrait: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(default=0)
