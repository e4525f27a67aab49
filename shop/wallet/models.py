"""What a client owns after paying: the sessions of a package, moved between buckets by rows that never change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk


class Credit(Base):
    """The sessions (or add-ons) of one bought line. The counters repeat the sum of its moves.

    `units` holds each session's worth as it was split when it was sold: a list of [charge, gross, vat] for each.
    `express_at` is when the client asked to begin before the days of withdrawal are over, by which wording.
    """

    __tablename__ = "credit"
    __table_args__ = (
        CheckConstraint("free >= 0 and used >= 0 and reserved >= 0 and held >= reserved", name="never_negative"),
        CheckConstraint("kind in ('sessions', 'addon')", name="kind"),
        Index("ix_credit_client", "client_id", "expires_on"),
        Index("ix_credit_expiry", "expires_on"),
    )

    id: Mapped[IdPk]
    code: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    kind: Mapped[str] = mapped_column(default="sessions")
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))
    treatment_id: Mapped[int | None] = mapped_column(ForeignKey("treatment.id"))
    addon_id: Mapped[int | None] = mapped_column(ForeignKey("addon.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("credit.id"), index=True)
    name: Mapped[str]
    statement_name: Mapped[str]
    area: Mapped[str] = mapped_column(default="")
    gaps: Mapped[list[Any]]
    granted: Mapped[int]
    free: Mapped[int]
    held: Mapped[int] = mapped_column(default=0)
    used: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    units: Mapped[list[Any]]
    currency: Mapped[str]
    bought_on: Mapped[date]
    expires_on: Mapped[date]
    frozen_on: Mapped[date | None]
    extensions: Mapped[int] = mapped_column(default=0)
    express_at: Mapped[datetime | None]
    express_version: Mapped[int | None]
    order_number: Mapped[str | None] = mapped_column(index=True)
    cause: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]


@append_only
class CreditMove(Base):
    """One row of a credit's ledger, as `core.ledger.Move`: so many sessions with their stored worth, by `cause`."""

    __tablename__ = "credit_move"
    __table_args__ = (
        CheckConstraint("sessions >= 0 and gross_minor >= 0 and vat_minor >= 0", name="amounts"),
        Index("ix_credit_move_at", "at", "credit_id"),
    )

    id: Mapped[IdPk]
    credit_id: Mapped[int] = mapped_column(ForeignKey("credit.id"), index=True)
    kind: Mapped[str]
    sessions: Mapped[int]
    gross_minor: Mapped[int]
    vat_minor: Mapped[int]
    expires_on: Mapped[date | None]
    cause: Mapped[str] = mapped_column(unique=True)
    by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
