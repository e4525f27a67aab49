"""Doctors' letters, photographed labels and pictures of a diary: whole files, sealed, under names of our own, never beside the static files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedBytes


class SealedFile(Base):
    """One uploaded file. `name` is drawn here; what the person called it is not kept."""

    __tablename__ = "sealed_file"
    __table_args__ = (CheckConstraint("purpose in ('letter', 'label', 'reaction', 'diary')", name="purpose"),)

    id: Mapped[IdPk]
    name: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), index=True)
    screening_id: Mapped[int | None] = mapped_column(ForeignKey("screening.id"), index=True)
    media_type: Mapped[str]
    byte_count: Mapped[int]
    content: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True, deferred_raiseload=True)
    made_at: Mapped[datetime]
