"""What was done at a visit, unreadable without the key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedJSON


class TreatmentRecord(Base):
    """`content` is sealed: areas, device, depth, solutions with ingredients and lots, reaction, notes.

    Saved as it is typed; `revision` counts the savings, so that two tablets cannot overwrite each other unseen.
    Once `finished_at` is set, every later change leaves a row in the history.
    """

    __tablename__ = "treatment_record"
    __table_args__ = (Index("ix_treatment_record_client", "client_id", "id"),)

    id: Mapped[IdPk]
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    content: Mapped[Any] = mapped_column(EncryptedJSON)
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]
    finished_at: Mapped[datetime | None]
