"""Counting beforehand how many live products stand behind each filter, alone and beside one other."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, Select, Text, delete, func, insert, literal, select, union_all

from shop.catalog.models import Brand, Concern, FacetCount, Product, ProductConcern, ProductFacet
from shop.core.db import db

FILTERS = ("", "concern", "brand", "step", "active", "in_stock")


def rebuild() -> None:
    """Write all counts anew in the caller's transaction."""
    said = _said()
    beside = said.alias("beside")
    pairs = (
        select(said.c.kind, said.c.value, beside.c.kind, beside.c.value, func.count())
        .join(beside, beside.c.product_id == said.c.product_id)
        .where(said.c.kind.in_([kind for kind in FILTERS if kind]), beside.c.kind != "all")
        .group_by(said.c.kind, said.c.value, beside.c.kind, beside.c.value)
    )
    empty = literal("", Text)
    whole = select(empty, empty, said.c.kind, said.c.value, func.count()).group_by(said.c.kind, said.c.value)
    alone = select(said.c.kind, said.c.value, literal("all", Text), empty, func.count())
    alone = alone.where(said.c.kind.in_([kind for kind in FILTERS if kind])).group_by(said.c.kind, said.c.value)
    columns = ["filter_kind", "filter_value", "kind", "value", "n"]
    db.session.execute(delete(FacetCount))
    db.session.execute(insert(FacetCount).from_select(columns, union_all(whole, alone, pairs)))


def _said() -> CTE:
    """(product, kind, value): everything that can be filtered by, of every live product, each once."""
    live = Product.state == "live"
    parts: list[Any] = [
        _part("all", literal("", Text)).where(live),
        _part("assessed", literal("", Text)).where(live, Product.reading == "assessed"),
        _part("in_stock", literal("1", Text)).where(live, Product.in_stock.is_(True)),
        _part("step", Product.step).where(live, Product.step.is_not(None)),
        _part("brand", Brand.slug).join(Brand, Brand.id == Product.brand_id).where(live),
        _part("concern", Concern.slug)
        .join(ProductConcern, ProductConcern.product_id == Product.id)
        .join(Concern, Concern.id == ProductConcern.concern_id)
        .where(live)
        .distinct(),
        select(Product.id, ProductFacet.kind, ProductFacet.value)
        .join(ProductFacet, ProductFacet.product_id == Product.id)
        .where(live),
    ]
    return union_all(*parts).cte("said")


def _part(kind: str, value: Any) -> Select[Any]:
    return select(Product.id.label("product_id"), literal(kind, Text).label("kind"), value.label("value"))
