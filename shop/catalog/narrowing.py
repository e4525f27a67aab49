"""What a product must fulfil to be listed: conditions for each shape of filters, built once, and the values that fill them."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, bindparam, select

from shop.catalog.cards import BRAND, PRODUCT
from shop.catalog.filters import Filters
from shop.catalog.models import Concern, ProductConcern, ProductFacet
from shop.catalog.search import hits

CONCERN, LINK, FACET = Concern.__table__.c, ProductConcern.__table__.c, ProductFacet.__table__.c


class Shape(NamedTuple):
    """Which filters are set, and how many values of those that all count; equal shapes share their statements."""

    concern: bool
    brand: bool
    step: bool
    active: int
    free_from: int
    price_max: bool
    in_stock: bool
    typed: bool
    is_sqlite: bool


def shape_of(filters: Filters, *, typed: bool, is_sqlite: bool) -> Shape:
    return Shape(
        bool(filters.concern),
        bool(filters.brand),
        bool(filters.step),
        len(filters.active),
        len(filters.free_from),
        filters.price_max_minor is not None,
        filters.in_stock,
        typed,
        is_sqlite,
    )


def values_of(filters: Filters) -> dict[str, Any]:
    given: dict[str, Any] = {
        kind: list(getattr(filters, kind)) for kind in ("concern", "brand", "step") if getattr(filters, kind)
    }
    given |= {f"active_{n}": [value, value.upper()] for n, value in enumerate(filters.active)}
    given |= {f"class_{n}": value for n, value in enumerate(filters.free_from)}
    return given | ({"price_max": filters.price_max_minor} if filters.price_max_minor is not None else {})


def conditions(shape: Shape, *, leave_out: str = "") -> list[ColumnElement[bool]]:
    """`leave_out` names one kind of filter that does not count."""
    found: list[ColumnElement[bool]] = [PRODUCT.state == "live"]
    if shape.typed:
        found.append(PRODUCT.id.in_(select(hits(shape.is_sqlite).c.id)))
    if shape.concern and leave_out != "concern":
        concerns = select(CONCERN.id).where(CONCERN.slug.in_(bindparam("concern", expanding=True)))
        found.append(select(LINK.id).where(LINK.product_id == PRODUCT.id, LINK.concern_id.in_(concerns)).exists())
    if shape.brand and leave_out != "brand":
        found.append(PRODUCT.brand_id.in_(select(BRAND.id).where(BRAND.slug.in_(bindparam("brand", expanding=True)))))
    if shape.step and leave_out != "step":
        found.append(PRODUCT.step.in_(bindparam("step", expanding=True)))
    found += [_holds("active", FACET.value.in_(bindparam(f"active_{n}", expanding=True))) for n in range(shape.active)]
    if shape.free_from:  # only what was read to the last name can be called free of something
        found.append(PRODUCT.reading == "assessed")
    found += [~_holds("class", FACET.value == bindparam(f"class_{n}")) for n in range(shape.free_from)]
    if shape.price_max:
        found += [PRODUCT.price_minor <= bindparam("price_max"), PRODUCT.gated == _no()]
    if shape.in_stock:
        found.append(PRODUCT.in_stock.is_(True))
    return found


def _holds(kind: str, is_value: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(FACET.product_id).where(FACET.product_id == PRODUCT.id, FACET.kind == kind, is_value).exists()


def _no() -> Any:
    return bindparam("no", False, type_=Boolean())
