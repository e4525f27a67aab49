"""What a client has agreed to in words, and how the skin answered to a trial: both come before a treatment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedJSON, EncryptedText


class InformedConsent(Base):
    """A signature under one version of one text. `about` is "treatment:meso-lines" or "addon:peel"."""

    __tablename__ = "informed_consent"
    __table_args__ = (Index("ix_informed_consent_client", "client_id", "about"),)

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    about: Mapped[str]
    text_kind: Mapped[str]
    text_version: Mapped[int]
    signed_name: Mapped[str] = mapped_column(EncryptedText)
    signed_at: Mapped[datetime]
    by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class PatchTest(Base):
    """A trial on a small place. `content` is sealed: {"result": "clear" or "reaction", "note": …} once it was read."""

    __tablename__ = "patch_test"
    __table_args__ = (
        CheckConstraint("(read_on is null) = (expires_on is null)", name="read"),
        Index("ix_patch_test_client", "client_id", "about"),
    )

    id: Mapped[IdPk]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    about: Mapped[str]
    placed_on: Mapped[date]
    placed_by: Mapped[str]
    content: Mapped[Any] = mapped_column(EncryptedJSON)
    read_on: Mapped[date | None]
    read_by: Mapped[str | None]
    expires_on: Mapped[date | None]
    made_at: Mapped[datetime]
