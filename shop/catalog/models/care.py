"""Concerns, the treatments that serve them, and the packages of sessions that are sold."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core.db import Base, IdPk

treatment_concern = Table(
    "treatment_concern",
    Base.metadata,
    Column("treatment_id", ForeignKey("treatment.id"), primary_key=True),
    Column("concern_id", ForeignKey("concern.id"), primary_key=True),
)
addon_treatment = Table(
    "addon_treatment",
    Base.metadata,
    Column("addon_id", ForeignKey("addon.id"), primary_key=True),
    Column("treatment_id", ForeignKey("treatment.id"), primary_key=True),
)


class Concern(Base):
    """`name` is the client's word, `label` the cosmetic one: only the label may head a list of products."""

    __tablename__ = "concern"

    id: Mapped[IdPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    label: Mapped[str]
    blurb: Mapped[str]
    body_md: Mapped[str]
    hue: Mapped[int]
    drawing: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class Treatment(Base):
    """One treatment in plain words; `sold_as` decides whether a package of it can be paid for at once."""

    __tablename__ = "treatment"
    __table_args__ = (CheckConstraint("sold_as in ('online', 'consultation', 'unsold')", name="sold_as"),)

    id: Mapped[IdPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    sold_as: Mapped[str]
    intro: Mapped[str]
    body_md: Mapped[str]
    stages: Mapped[list[Any]]
    minutes: Mapped[int]
    discomfort: Mapped[str]
    downtime: Mapped[str]
    results_show: Mapped[str]
    results_last: Mapped[str]
    side_effects: Mapped[list[Any]]
    sets_apart: Mapped[list[Any]]
    doctor_first: Mapped[list[Any]]
    not_for: Mapped[list[Any]]
    upkeep: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)

    concerns: Mapped[list[Concern]] = relationship(secondary=treatment_concern, lazy="raise_on_sql")
    addons: Mapped[list[AddOn]] = relationship(secondary=addon_treatment, lazy="raise_on_sql", viewonly=True)

    @property
    def duration_words(self) -> str:
        return f"About {self.minutes} minutes"


class Package(Base):
    """A number of sessions of one treatment. `gaps` holds [minimum, maximum or null] days between neighbours.

    While its price is reduced until a written day, `lowest_minor` is the lowest of the 30 days before.
    """

    __tablename__ = "package"
    __table_args__ = (
        CheckConstraint("kind in ('single', 'series', 'upkeep')", name="kind"),
        CheckConstraint("sessions > 0 and price_minor > 0 and validity_days > 0", name="positive"),
    )

    id: Mapped[IdPk]
    slug: Mapped[str] = mapped_column(unique=True)
    treatment_id: Mapped[int] = mapped_column(ForeignKey("treatment.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    statement_name: Mapped[str]
    area: Mapped[str]
    sessions: Mapped[int]
    gaps: Mapped[list[Any]]
    validity_days: Mapped[int]
    price_minor: Mapped[int]
    lowest_minor: Mapped[int | None]
    single_minor: Mapped[int]
    vat_percent: Mapped[str] = mapped_column(default="20")
    state: Mapped[str] = mapped_column(default="live")
    position: Mapped[int] = mapped_column(default=0)

    treatment: Mapped[Treatment] = relationship(lazy="raise_on_sql")

    @property
    def per_session_minor(self) -> int:
        return -(-self.price_minor // self.sessions)


class AddOn(Base):
    """Something done with a session; `per_session_minor` is its price each time."""

    __tablename__ = "addon"

    id: Mapped[IdPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    blurb: Mapped[str]
    per_session_minor: Mapped[int]
    minutes: Mapped[int]
    not_with: Mapped[list[str]]
    vat_percent: Mapped[str] = mapped_column(default="20")

    treatments: Mapped[list[Treatment]] = relationship(secondary=addon_treatment, lazy="raise_on_sql")


class Box(Base):
    """Goods and a package at one price."""

    __tablename__ = "box"

    id: Mapped[IdPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    blurb: Mapped[str]
    price_minor: Mapped[int]
    state: Mapped[str] = mapped_column(default="live")

    items: Mapped[list[BoxItem]] = relationship(lazy="raise_on_sql", order_by="BoxItem.id")


class BoxItem(Base):
    """One component: a variant or a package."""

    __tablename__ = "box_item"
    __table_args__ = (
        CheckConstraint("(variant_id is null) <> (package_id is null)", name="one_component"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[IdPk]
    box_id: Mapped[int] = mapped_column(ForeignKey("box.id"), index=True)
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variant.id"))
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))
    quantity: Mapped[int]
