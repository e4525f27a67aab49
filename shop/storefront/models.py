"""Requests for a consultation, of which only the clinic's keys can read what they are about; and wishes to hear of an article."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedJSON


class ConsultationRequest(Base):
    """`about` holds treatment, concern, answers and message, sealed: a person's tie to them is health data."""

    __tablename__ = "consultation_request"
    __table_args__ = (
        CheckConstraint("kind in ('visit', 'answers')", name="kind"),
        Index("ix_consultation_request_open", "answered_at", "made_at"),
    )

    id: Mapped[IdPk]
    kind: Mapped[str]
    made_at: Mapped[datetime]
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    wanted_when: Mapped[str]
    about: Mapped[Any] = mapped_column(EncryptedJSON)
    privacy_version: Mapped[int]
    agreed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class StockNotice(Base):
    """A wish to hear when an article is there again; it ends with the one e-mail, or with one click before.

    `round` counts how often the same wish was made: each has one letter.
    """

    __tablename__ = "stock_notice"
    __table_args__ = (
        Index(
            "ix_stock_notice_open",
            "variant_id",
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
    )

    id: Mapped[IdPk]
    wish: Mapped[str] = mapped_column(unique=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"))
    email: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
