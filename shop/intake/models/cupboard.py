"""What a client owns at home, also what was bought elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedJSON


class CupboardItem(Base):
    """A product of the shop, or something of another shop whose name and ingredients are sealed: it may be a medicine.

    `content` is {"name", "inci", "step", "when"}; `when` is "morning", "evening" or "both" where the client chose.
    What came by an order has no row until the client says something about it.
    """

    __tablename__ = "cupboard_item"
    __table_args__ = (UniqueConstraint("client_id", "product_id"),)

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    content: Mapped[Any] = mapped_column(EncryptedJSON)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("sealed_file.id"))
    made_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    read_by: Mapped[str | None]
