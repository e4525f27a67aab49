"""Brands, products with lots on the shelf, boxes and search words of the demo clinic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from shop.catalog.models import (
    Box,
    BoxItem,
    Brand,
    Concern,
    Package,
    Product,
    ProductConcern,
    ProductFacet,
    Synonym,
    Variant,
)
from shop.catalog.tones import painted
from shop.core import clock
from shop.core.db import db
from shop.demo.content.shapes import Content
from shop.demo.content.shapes import Product as ProductEntry
from shop.demo.content.shapes import Variant as VariantEntry
from shop.imports.assessing import Assessment, assess
from shop.inventory.stocking import Goods, stock_new

BY = "demo"
ENDS_SOON = 6
PLAIN = (
    *("slug", "name", "step", "area", "texture", "skin_types", "blurb", "body_md", "how_to_use", "inci", "key_actives"),
    *("warnings", "responsible_person", "pao_months", "popularity", "gated", "state"),
)


def add_goods(content: Content) -> None:
    brands = {
        entry.slug: Brand(slug=entry.slug, name=entry.name, story_md=entry.story_md, country=entry.country)
        for entry in content.brands
    }
    db.session.add_all(brands.values())
    db.session.flush()
    concern_ids = {concern.slug: concern.id for concern in db.session.scalars(select(Concern))}
    goods: list[Goods] = []
    for number, entry in enumerate(content.products):
        product, variants = _product(entry, brands[entry.brand].id, number)
        _links(product, entry, concern_ids)
        goods += [lot for variant in variants for lot in _shelved(variant, number)]
    stock_new(goods, by=BY)
    _boxes(content)
    db.session.execute(insert(Synonym), [{"word": word, "means": means} for word, means in content.synonyms.items()])


def _product(entry: ProductEntry, brand_id: int, number: int) -> tuple[Product, list[Variant]]:
    facts = {name: getattr(entry, name) for name in PLAIN}
    read = assess(entry.inci, step=entry.step, area=entry.area)
    product = Product(
        **facts,
        brand_id=brand_id,
        reading=read.reading,
        **_daily_use(entry),
        drawing=painted(entry.drawing.model_dump()),
        price_minor=min(variant.price_minor for variant in entry.variants),
        made_at=clock.now() - timedelta(days=3 * number),
    )
    db.session.add(product)
    db.session.flush()
    _facets(product, read)
    variants = [_variant(size, product.id, position) for position, size in enumerate(entry.variants)]
    db.session.add_all(variants)
    db.session.flush()
    return product, variants


def _variant(size: VariantEntry, product_id: int, position: int) -> Variant:
    facts = size.model_dump(exclude={"vat_percent"})
    return Variant(**facts, vat_percent=str(size.vat_percent), product_id=product_id, position=position)


def _daily_use(entry: ProductEntry) -> dict[str, Any]:
    """A product that is not used every day counts as used daily with a share of the amount: it lasts as long."""
    if entry.uses_per_day >= 1:
        return {"amount_per_use_ml": str(entry.amount_per_use_ml), "uses_per_day": round(entry.uses_per_day)}
    return {"amount_per_use_ml": f"{entry.amount_per_use_ml * entry.uses_per_day:.3g}", "uses_per_day": 1}


def _facets(product: Product, read: Assessment) -> None:
    """What filters ask for: the named actives and every class of the list."""
    kinds = [("active", name) for name in product.key_actives] + [("class", kind) for kind in sorted(read.classes)]
    rows = [{"product_id": product.id, "kind": kind, "value": value} for kind, value in kinds]
    if rows:
        db.session.execute(insert(ProductFacet), rows)


def _shelved(variant: Variant, number: int) -> Iterator[Goods]:
    """Most have two lots, one ends within weeks, and one in sixteen is sold out."""
    if number % 16 == 15:
        return
    today = clock.today()
    first = 24 if number == ENDS_SOON else 120 + 17 * (number % 9)
    lots = [(f"L{2600 + number}A", first, 4 + number % 7), (f"L{2700 + number}B", 540, 8 + number % 13)]
    for code, days, units in lots:
        yield Goods(variant.id, units, f"demo:{variant.sku}:{code}", lot=code, expires_on=today + timedelta(days=days))


def _links(product: Product, entry: ProductEntry, concern_ids: dict[str, int]) -> None:
    for link in entry.links:
        facts = link.model_dump(exclude={"concern"})
        ids = {"product_id": product.id, "concern_id": concern_ids[link.concern]}
        db.session.add(ProductConcern(**facts, **ids, origin="person"))


def _boxes(content: Content) -> None:
    variants = dict(db.session.execute(select(Variant.sku, Variant.id)).all())
    packages = dict(db.session.execute(select(Package.slug, Package.id)).all())
    for entry in content.boxes:
        box = Box(slug=entry.slug, name=entry.name, blurb=entry.blurb, price_minor=entry.price_minor, state=entry.state)
        db.session.add(box)
        db.session.flush()
        for item in entry.items:
            thing = {"variant_id": variants[item.ref]} if item.kind == "variant" else {"package_id": packages[item.ref]}
            db.session.add(BoxItem(box_id=box.id, quantity=item.quantity, **thing))
