"""Answers and decisions, unreadable without the key; who read them is written down."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedJSON, EncryptedText


class Screening(Base):
    """One set of answers for one treatment, with what it decided on that day and by which version of the rules.

    Belongs to a client, or to a browser until its order or sign-in makes the person known. `contact` is where a guest
    asked to be written to. `signed_off_at` says that a person lets the treatment begin; `review` keeps verdict and note.
    """

    __tablename__ = "screening"
    __table_args__ = (Index("ix_screening_client", "client_id", "treatment"), Index("ix_screening_browser", "browser_hash"))

    id: Mapped[IdPk]
    treatment: Mapped[str]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    browser_hash: Mapped[str | None]
    answers: Mapped[Any] = mapped_column(EncryptedJSON)
    decision: Mapped[Any] = mapped_column(EncryptedJSON)
    rules_version: Mapped[str]
    consent_version: Mapped[int]
    consent_at: Mapped[datetime]
    made_at: Mapped[datetime]
    valid_until: Mapped[date]
    contact: Mapped[str | None] = mapped_column(EncryptedText)
    asked_again_at: Mapped[datetime | None]
    review: Mapped[Any | None] = mapped_column(EncryptedJSON)
    reviewed_at: Mapped[datetime | None]
    signed_off_at: Mapped[datetime | None]
    signed_off_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]


class ScreeningDraft(Base):
    """Answers on their way: kept as they are given, after consent, and dropped when they are sent or grow old.

    `key` holds whose they are and for which treatment, so that two savings at once end in one row.
    """

    __tablename__ = "screening_draft"

    id: Mapped[IdPk]
    key: Mapped[str] = mapped_column(unique=True)
    treatment: Mapped[str]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"), index=True)
    answers: Mapped[Any] = mapped_column(EncryptedJSON)
    saved_at: Mapped[datetime]


class ChangeCheck(Base):
    """Shortly before a visit its client is asked whether anything has changed; `screening_id` is the new set of answers."""

    __tablename__ = "change_check"

    id: Mapped[IdPk]
    visit_number: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    treatment: Mapped[str]
    starts_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    screening_id: Mapped[int | None] = mapped_column(ForeignKey("screening.id"))


@append_only
class HealthReading(Base):
    """A member of staff looked at somebody's answers; `why` is a word of a short list, never free text."""

    __tablename__ = "health_reading"

    id: Mapped[IdPk]
    at: Mapped[datetime]
    by: Mapped[str]
    client_id: Mapped[int | None] = mapped_column(index=True)
    subject: Mapped[str]
    why: Mapped[str | None]
