"""What those who treat write down about a client between visits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedText


class ClientNote(Base):
    """One note, sealed; it is not changed any more, a second one puts it right. Goes when the person is forgotten."""

    __tablename__ = "client_note"
    __table_args__ = (Index("ix_client_note_client", "client_id", "id"),)

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    words: Mapped[str] = mapped_column(EncryptedText)
    by: Mapped[str]
    cause: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
