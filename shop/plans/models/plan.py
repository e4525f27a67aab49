"""A plan is what a consultant advised one client, version by version; a version never changes once it is written."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.core.append_only import append_only
from shop.core.db import Base, IdPk
from shop.core.encryption import EncryptedJSON


class Plan(Base):
    """`version` is the newest one; `shown` the one that the client was sent, which stays until the next is sent.

    `code` stands on the printed sheet. `quiet_at` is when the client stopped the reminders.
    """

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'sent', 'accepted', 'declined', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'draft') = (shown is null)", name="shown"),
        CheckConstraint("(sent_at is null) = (shown is null)", name="sent"),
        CheckConstraint("version > 0 and (shown is null or shown between 1 and version)", name="version"),
        Index("ix_plan_client", "client_id", "id"),
        Index("ix_plan_state", "state", "sent_at"),
        Index("ix_plan_consultant", "consultant_id", "id"),
    )

    id: Mapped[IdPk]
    code: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    consultant_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    protocol_id: Mapped[int | None] = mapped_column(ForeignKey("plan_protocol.id"))
    state: Mapped[str] = mapped_column(default="draft")
    version: Mapped[int] = mapped_column(default=1)
    shown: Mapped[int | None]
    review_on: Mapped[date | None] = mapped_column(index=True)
    quiet_at: Mapped[datetime | None]
    cause: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


@append_only
class PlanVersion(Base):
    """One wording: its sums, and the digest of what it says, so that a text that was altered shows."""

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("outcome in ('plan', 'nothing')", name="outcome"),
        CheckConstraint("total_minor >= 0 and optional_minor >= 0", name="sums"),
        CheckConstraint("outcome = 'plan' or total_minor + optional_minor = 0", name="nothing_costs_nothing"),
    )

    id: Mapped[IdPk]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]
    outcome: Mapped[str]
    total_minor: Mapped[int]
    optional_minor: Mapped[int]
    currency: Mapped[str]
    digest: Mapped[str]
    by: Mapped[str]
    made_at: Mapped[datetime]


class PlanText(Base):
    """What a version says, sealed: concern, goal, message, lines with their reasons. Goes when the person is forgotten."""

    __tablename__ = "plan_text"

    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"), primary_key=True, autoincrement=False)
    content: Mapped[Any] = mapped_column(EncryptedJSON)


@append_only
class PlanItem(Base):
    """What of a version can be bought. At most three products are essential: each takes one of three slots.

    `cleared_by` names who let a product stand that a rule forbids this client; the reason is in the sealed text.
    """

    __tablename__ = "plan_item"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        UniqueConstraint("version_id", "essential_slot"),
        CheckConstraint("(variant_id is null) <> (package_id is null)", name="one_thing"),
        CheckConstraint("role in ('essential', 'optional')", name="role"),
        CheckConstraint("essential_slot between 1 and 3", name="three_essentials"),
        CheckConstraint(
            "(role = 'essential' and variant_id is not null) = (essential_slot is not null)", name="essential_has_slot"
        ),
        CheckConstraint("quantity between 1 and 9 and price_minor >= 0", name="amounts"),
        CheckConstraint("clearance in ('rules', 'person')", name="clearance"),
        CheckConstraint("(clearance = 'person') = (cleared_by is not null)", name="cleared_by"),
        Index("ix_plan_item_variant", "variant_id"),
    )

    id: Mapped[IdPk]
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    position: Mapped[int]
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variant.id"))
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))
    role: Mapped[str]
    essential_slot: Mapped[int | None]
    quantity: Mapped[int]
    price_minor: Mapped[int]
    clearance: Mapped[str]
    cleared_by: Mapped[str | None]
