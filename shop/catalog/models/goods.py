"""Home skincare: brands, products with their printed ingredient lists, and the sizes that are sold."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalog.models.care import Concern
from shop.core.db import Base, IdPk


class Brand(Base):
    __tablename__ = "brand"

    id: Mapped[IdPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    story_md: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")


class Product(Base):
    """`price_minor` and `in_stock` repeat the cheapest variant and the stock, so that a list is one statement.

    `supplier` holds what only the maker knows: {"percents": {name: figure}, "on_market_since": day}; `last_sale` what the
    law makes of it: {market: last day of sale, or "" for never}. `sale_ends` are the rules behind it, for lots with a day
    on the market of their own.
    """

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'live', 'archived')", name="state"),
        CheckConstraint("reading in ('assessed', 'partly', 'unknown')", name="reading"),
        CheckConstraint("price_minor >= 0", name="price"),
        Index("ix_product_live_popularity", "state", "popularity", "id"),
        Index("ix_product_live_price", "state", "price_minor", "id"),
        Index("ix_product_live_name", "state", "name", "id"),
        Index("ix_product_name", "name", "id"),
        Index("ix_product_live_newest", "state", "made_at", "id"),
        Index("ix_product_live_brand", "state", "brand_id", "popularity", "id"),
        Index("ix_product_live_step", "state", "step", "popularity", "id"),
        # holds every plain filter, so that combinations are counted without reading wide rows
        Index("ix_product_filters", "state", "step", "brand_id", "in_stock", "reading", "price_minor", "gated"),
    )

    id: Mapped[IdPk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"), index=True)
    step: Mapped[str | None]
    area: Mapped[str] = mapped_column(default="face")
    texture: Mapped[str] = mapped_column(default="cream")
    blurb: Mapped[str] = mapped_column(default="")
    body_md: Mapped[str] = mapped_column(default="")
    how_to_use: Mapped[str] = mapped_column(default="")
    inci: Mapped[str] = mapped_column(default="")
    reading: Mapped[str] = mapped_column(default="unknown")
    skin_types: Mapped[list[str]]
    key_actives: Mapped[list[str]]
    warnings: Mapped[str] = mapped_column(default="")
    responsible_person: Mapped[str] = mapped_column(default="")
    supplier: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    last_sale: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    sale_ends: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    pao_months: Mapped[int | None]
    amount_per_use_ml: Mapped[str | None]
    uses_per_day: Mapped[int | None]
    drawing: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="draft")
    gated: Mapped[bool] = mapped_column(default=False)
    popularity: Mapped[int] = mapped_column(default=0)
    price_minor: Mapped[int] = mapped_column(default=0)
    in_stock: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]

    brand: Mapped[Brand] = relationship(lazy="raise_on_sql")
    variants: Mapped[list[Variant]] = relationship(
        lazy="raise_on_sql", order_by="Variant.position, Variant.id", back_populates="product"
    )
    links: Mapped[list[ProductConcern]] = relationship(lazy="raise_on_sql", order_by="ProductConcern.id")

    @property
    def percents(self) -> str:
        """The maker's figures as the desk types them, one on each line."""
        return "\n".join(f"{name} {figure:g}" for name, figure in ((self.supplier or {}).get("percents") or {}).items())

    @property
    def on_market_since(self) -> date | None:
        """When it was first placed on the market, if somebody knows."""
        since = (self.supplier or {}).get("on_market_since")
        return date.fromisoformat(since) if since else None


class Variant(Base):
    """A size one can buy. While its price is reduced until a written day, `lowest_minor` is the lowest of the 30 days before.

    `in_stock` is kept by the stock ledger whenever what is available reaches or leaves zero."""

    __tablename__ = "variant"
    __table_args__ = (
        CheckConstraint("price_minor >= 0 and weight_grams >= 0", name="not_negative"),
        CheckConstraint("content_unit in ('ml', 'g', 'piece')", name="content_unit"),
    )

    id: Mapped[IdPk]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    sku: Mapped[str] = mapped_column(unique=True)
    barcode: Mapped[str | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(default="")
    price_minor: Mapped[int]
    compare_at_minor: Mapped[int | None]
    lowest_minor: Mapped[int | None]
    content_amount: Mapped[int | None]
    content_unit: Mapped[str] = mapped_column(default="ml")
    weight_grams: Mapped[int] = mapped_column(default=0)
    vat_percent: Mapped[str] = mapped_column(default="20")
    position: Mapped[int] = mapped_column(default=0)
    in_stock: Mapped[bool] = mapped_column(default=False)
    is_sold: Mapped[bool] = mapped_column(default=True)

    product: Mapped[Product] = relationship(lazy="raise_on_sql", back_populates="variants")

    @property
    def per_100_minor(self) -> int | None:
        """Price for 100 ml or 100 g, half up; pieces have none."""
        if not self.content_amount or self.content_unit == "piece":
            return None
        return (self.price_minor * 200 + self.content_amount) // (2 * self.content_amount)

    @property
    def size(self) -> str:
        if not self.content_amount:
            return self.name
        return f"{self.content_amount} {self.content_unit}" if self.content_unit != "piece" else self.name


class ProductConcern(Base):
    """Why a product stands at a concern: in which phase, with what role, by which line of its ingredient list."""

    __tablename__ = "product_concern"
    __table_args__ = (
        UniqueConstraint("product_id", "concern_id", "phase"),
        CheckConstraint("phase in ('prepare', 'day-0-3', 'recover', 'between', 'maintain')", name="phase"),
        CheckConstraint("role in ('essential', 'helpful')", name="role"),
        CheckConstraint("origin in ('rule', 'person')", name="origin"),
        Index("ix_product_concern_by_concern", "concern_id", "product_id"),
    )

    id: Mapped[IdPk]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"))
    phase: Mapped[str]
    role: Mapped[str] = mapped_column(default="helpful")
    active: Mapped[str] = mapped_column(default="")
    line: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(default="rule")

    concern: Mapped[Concern] = relationship(lazy="raise_on_sql")


class ProductFacet(Base):
    """What a product holds, for filters: kind "active" (an ingredient's name) or "class" (a class of the rulebook)."""

    __tablename__ = "product_facet"
    __table_args__ = (Index("ix_product_facet_value", "kind", "value", "product_id"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)


class Synonym(Base):
    """A word people type, and the word the catalogue uses."""

    __tablename__ = "synonym"

    word: Mapped[str] = mapped_column(primary_key=True)
    means: Mapped[str]


class Handle(Base):
    """An address of a former shop that answers with a 301."""

    __tablename__ = "handle"

    old_path: Mapped[str] = mapped_column(primary_key=True)
    new_path: Mapped[str]
