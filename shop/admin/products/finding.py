"""The list of products as the desk reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, or_, select

from shop.catalog.models import Brand, Product, ProductPicture, Variant
from shop.core.db import db
from shop.inventory.models import Stock
from shop.inventory.reading_codes import spellings

PER_PAGE = 50
STATES = ("draft", "live", "archived")
READINGS = ("assessed", "partly", "unknown")


@dataclass(frozen=True)
class Wanted:
    q: str = ""
    state: str = ""
    reading: str = ""
    brand: str = ""
    photo: str = ""


@dataclass(frozen=True)
class Found:
    id: int
    name: str
    brand: str
    step: str | None
    state: str
    reading: str
    price_minor: int
    sizes: int
    on_hand: int


@dataclass(frozen=True)
class Page:
    rows: list[Found]
    after: int | None


def find_products(wanted: Wanted, *, after: int | None = None, limit: int = PER_PAGE) -> Page:
    """By name; three statements however many there are."""
    facts = (Product.id, Product.name, Brand.name.label("brand"), Product.step, Product.state, Product.reading)
    asked = select(*facts, Product.price_minor).join(Brand, Brand.id == Product.brand_id).where(*_conditions(wanted, after))
    rows = db.session.execute(asked.order_by(Product.name, Product.id).limit(limit + 1)).all()
    shown = rows[:limit]
    ids = [row.id for row in shown]
    sizes, units = _sizes(ids), _units(ids)
    found = [Found(**row._mapping, sizes=sizes.get(row.id, 0), on_hand=units.get(row.id, 0)) for row in shown]
    return Page(found, shown[-1].id if len(rows) > limit else None)


def brands() -> list[tuple[str, str]]:
    """(slug, name) of every brand."""
    return [(slug, name) for slug, name in db.session.execute(select(Brand.slug, Brand.name).order_by(Brand.name))]


def _conditions(wanted: Wanted, after: int | None) -> list[Any]:
    found: list[Any] = []
    if after is not None:
        name = select(Product.name).where(Product.id == after).scalar_subquery()
        found.append(or_(Product.name > name, and_(Product.name == name, Product.id > after)))
    if wanted.state in STATES:
        found.append(Product.state == wanted.state)
    if wanted.reading in READINGS:
        found.append(Product.reading == wanted.reading)
    if wanted.photo == "missing":
        found.append(~exists().where(ProductPicture.product_id == Product.id))
    if wanted.brand:
        found.append(Brand.slug == wanted.brand)
    if wanted.q:
        found.append(_matching(wanted.q))
    return found


def _matching(q: str) -> Any:
    words = spellings(q)
    codes = select(Variant.product_id).where(or_(Variant.sku.in_(words), Variant.barcode.in_(words)))
    lower = q.lower()
    names = [func.lower(column).contains(lower, autoescape=True) for column in (Product.name, Brand.name)]
    return or_(*names, Product.id.in_(codes))


def _sizes(product_ids: list[int]) -> dict[int, int]:
    rows = select(Variant.product_id, func.count()).where(Variant.product_id.in_(product_ids), Variant.is_sold)
    return {key: int(count) for key, count in db.session.execute(rows.group_by(Variant.product_id))}


def _units(product_ids: list[int]) -> dict[int, int]:
    rows = select(Variant.product_id, func.sum(Stock.on_hand)).join(Stock, Stock.variant_id == Variant.id)
    rows = rows.where(Variant.product_id.in_(product_ids)).group_by(Variant.product_id)
    return {key: int(units) for key, units in db.session.execute(rows)}
