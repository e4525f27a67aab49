"""What a client notes down on the way: a photograph, how well the routine was kept to, and who may see the picture for what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedJSON

PURPOSES = ("record", "consultant", "teaching", "advertising")


class DiaryEntry(Base):
    """One day's note. `content` is sealed: {"adherence": "most", "some", "hardly" or "", "words": "…"}.

    `visit_number` is the visit at which the clinic took the picture; the client's own have none.
    """

    __tablename__ = "diary_entry"
    __table_args__ = (Index("ix_diary_entry_client", "client_id", "day"),)

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    day: Mapped[date]
    content: Mapped[Any] = mapped_column(EncryptedJSON)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("sealed_file.id"), unique=True)
    visit_number: Mapped[str | None]
    made_at: Mapped[datetime]
    by: Mapped[str]


class DiaryConsent(Base):
    """One purpose that the client allowed for one picture, under one version of the wording; taken back, it stays as proof."""

    __tablename__ = "diary_consent"
    __table_args__ = (
        CheckConstraint(f"purpose in {PURPOSES}", name="purpose"),
        Index(
            "uq_diary_consent_in_force",
            "entry_id",
            "purpose",
            unique=True,
            sqlite_where=text("withdrawn_at is null"),
            postgresql_where=text("withdrawn_at is null"),
        ),
        Index("ix_diary_consent_purpose", "purpose", "withdrawn_at"),
    )

    id: Mapped[IdPk]
    entry_id: Mapped[int] = mapped_column(ForeignKey("diary_entry.id"))
    purpose: Mapped[str]
    text_version: Mapped[int]
    given_at: Mapped[datetime]
    given_by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
