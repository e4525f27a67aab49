"""A product like another one begins as a draft: same words, list and links, sizes under new SKUs, nothing on the shelf."""

from __future__ import annotations

from sqlalchemy import select

from shop.admin.products.editing import free_slug, read_anew
from shop.catalog import indexing
from shop.catalog.models import Product, ProductConcern, Variant
from shop.core import clock
from shop.core.db import db
from shop.core.history import record

SAME = (
    "brand_id", "step", "area", "texture", "blurb", "body_md", "how_to_use", "inci", "reading", "skin_types", "key_actives",
    "warnings", "responsible_person", "supplier", "pao_months", "amount_per_use_ml", "uses_per_day", "gated", "price_minor",
)  # fmt: skip
SAME_SIZE = (
    "name", "price_minor", "compare_at_minor", "content_amount", "content_unit", "weight_grams", "vat_percent", "position",
)  # fmt: skip
SAME_LINK = ("concern_id", "phase", "role", "active", "line", "reason", "origin")


def duplicate(product: Product, *, by: str) -> Product:
    """Photographs and EANs stay with the first: they belong to one pack."""
    drawing = {name: value for name, value in product.drawing.items() if name not in ("picture", "pictures")}
    facts = {name: getattr(product, name) for name in SAME}
    copy = Product(
        slug=free_slug(Product, product.slug),
        name=f"{product.name} (copy)",
        drawing=drawing,
        state="draft",
        made_at=clock.now(),
        **facts,
    )
    db.session.add(copy)
    db.session.flush()
    sizes = select(Variant).where(Variant.product_id == product.id, Variant.is_sold.is_(True)).order_by(Variant.position)
    for size in db.session.scalars(sizes).all():
        same = {name: getattr(size, name) for name in SAME_SIZE}
        db.session.add(Variant(product_id=copy.id, sku=_free_sku(size.sku), **same))
        db.session.flush()
    for link in db.session.scalars(select(ProductConcern).where(ProductConcern.product_id == product.id)).all():
        db.session.add(ProductConcern(product_id=copy.id, **{name: getattr(link, name) for name in SAME_LINK}))
    db.session.flush()
    record(f"product:{copy.id}", axis="state", was=None, now="draft", by=by, note=f"Like {product.slug}")
    db.session.expire(copy)
    read_anew(copy)
    indexing.update([copy.id])
    return copy


def _free_sku(sku: str) -> str:
    taken = set(db.session.scalars(select(Variant.sku).where(Variant.sku.startswith(sku, autoescape=True))))
    return next(name for n in range(2, 10**6) if (name := f"{sku}-{n}") not in taken)
