"""The sizes a plan may name, as the matching rules and the calendar look at them: gated ones too, for a consultant unlocks them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select

from shop.care.labels import Label
from shop.catalog.models import Brand, Concern, Product, ProductConcern, Variant
from shop.core import clock
from shop.core.db import db
from shop.intake.labels import label_of
from shop.inventory.models import Lot, Stock
from shop.inventory.outliving import days_of_use


@dataclass(eq=False)
class Item:
    """One product in its cheapest sold size, or in the size that was asked for. `left` is what is on the shelves."""

    variant_id: int
    product_id: int
    sku: str
    slug: str
    name: str
    brand: str
    size: str
    step: str | None
    area: str
    skin_types: list[str]
    label: Label
    reading: str
    price_minor: int
    left: int
    is_gated: bool
    is_sold: bool
    drawing: dict[str, Any]
    use_days: int | None = None

    @property
    def classes(self) -> set[str]:
        return set(self.label.classes)

    @property
    def actives(self) -> list[tuple[str, int]]:
        return [(token.name, token.position) for token in self.label.tokens if token.name]

    @property
    def ingredients(self) -> tuple[str, ...]:
        return tuple(token.name for token in self.label.tokens if token.name)

    @property
    def title(self) -> str:
        return f"{self.brand} {self.name}"


def items_for(concern: str, *, also: Collection[str] = ()) -> list[Item]:
    """Every live product linked to a concern, and the sizes named in `also`; one statement."""
    linked = (
        select(ProductConcern.product_id)
        .join(Concern, Concern.id == ProductConcern.concern_id)
        .where(Concern.slug == concern)
    )
    live = Product.state == "live", Variant.is_sold.is_(True), Product.id.in_(linked)
    wanted = (live[0] & live[1] & live[2]) | Variant.sku.in_(list(also))
    rows = db.session.execute(_items().where(wanted).order_by(Product.popularity.desc(), Product.id, Variant.price_minor))
    return _one_of_each([_item(row) for row in rows], also)


def items_of(skus: Iterable[str]) -> dict[str, Item]:
    """sku → size, also one that is not sold any more; one statement."""
    wanted = sorted(set(filter(None, skus)))
    if not wanted:
        return {}
    found = [_item(row) for row in db.session.execute(_items().where(Variant.sku.in_(wanted)))]
    return {item.sku: item for item in found}


def items_named(words: str, *, limit: int = 12) -> list[Item]:
    """By product, brand or SKU, for somebody who looks for a certain one."""
    text = words.strip().lower()
    if len(text) < 2:
        return []
    either = [func.lower(column).contains(text, autoescape=True) for column in (Product.name, Brand.name, Variant.sku)]
    live = _items().where(Product.state == "live", Variant.is_sold.is_(True), or_(*either))
    return [_item(row) for row in db.session.execute(live.order_by(Product.popularity.desc(), Product.id).limit(limit))]


def _items() -> Select[Any]:
    fresh = or_(Lot.expires_on.is_(None), Lot.expires_on > clock.today())
    there = Stock.on_hand - Stock.allocated - Stock.held
    left = (
        select(func.coalesce(func.sum(there), 0))
        .join(Lot, Lot.id == Stock.lot_id)
        .where(Stock.variant_id == Variant.id, Lot.state == "open", fresh, there > 0)
    )
    return (
        select(Variant, Product, Brand.name.label("brand"), left.scalar_subquery().label("left"))
        .join(Product, Product.id == Variant.product_id)
        .join(Brand, Brand.id == Product.brand_id)
    )


def _item(row: Any) -> Item:
    variant, product, brand, left = row
    per = {"amount_per_use_ml": product.amount_per_use_ml, "uses_per_day": product.uses_per_day}
    return Item(
        variant_id=variant.id,
        product_id=product.id,
        sku=variant.sku,
        slug=product.slug,
        name=product.name,
        brand=brand,
        size=variant.size,
        step=product.step,
        area=product.area,
        skin_types=list(product.skin_types),
        label=label_of(product.inci),
        reading=product.reading,
        price_minor=variant.price_minor,
        left=int(left),
        is_gated=product.gated,
        is_sold=product.state == "live" and variant.is_sold,
        drawing={**product.drawing, "brand": brand, "name": product.name},
        use_days=days_of_use(variant.content_amount, variant.content_unit, **per),
    )


def _one_of_each(found: list[Item], also: Collection[str]) -> list[Item]:
    """For each product the size asked for, else the cheapest on the shelf, else the cheapest."""
    chosen: dict[int, Item] = {}
    for item in found:
        known = chosen.get(item.product_id)
        better = known is None or (item.sku in also and known.sku not in also) or (not known.left and item.left > 0)
        if better and not (known is not None and known.sku in also):
            chosen[item.product_id] = item
    extra = [item for item in found if item.sku in also and chosen[item.product_id] is not item]
    return [*chosen.values(), *extra]
