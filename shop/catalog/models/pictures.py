"""Photographs of products; until there is one, a drawing stands in for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk


class ProductPicture(Base):
    """`stem` names the files; the first by position also stands in `product.drawing`, so that lists need no join."""

    __tablename__ = "product_picture"
    __table_args__ = (
        UniqueConstraint("product_id", "stem"),
        CheckConstraint("focus_x between 0 and 100 and focus_y between 0 and 100", name="focus"),
    )

    id: Mapped[IdPk]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    stem: Mapped[str]
    alt: Mapped[str]
    focus_x: Mapped[int] = mapped_column(default=50)
    focus_y: Mapped[int] = mapped_column(default=50)
    position: Mapped[int]
    made_at: Mapped[datetime]
