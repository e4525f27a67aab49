"""A product is made and changed: its words with their history, its list read anew, its sizes, what links it to concerns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from shop.catalog import indexing
from shop.catalog.changing_prices import refresh_cheapest, set_variant_price
from shop.catalog.checking_copy import claims_in
from shop.catalog.models import Brand, Concern, Product, ProductConcern, Variant
from shop.catalog.publishing import COPY
from shop.catalog.reformulating import lists_changed
from shop.catalog.selling_days import keep_last_days
from shop.catalog.tones import painted
from shop.core import clock
from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.imports.assessing import assess, keep_assessments
from shop.imports.drawing import drawing_for
from shop.imports.rows import slug as slug_of
from shop.inventory.holding import refresh_in_stock

READ_BY = ("inci", "step", "area")
SIZE_FACTS = (
    "barcode",
    "name",
    "compare_at_minor",
    "content_amount",
    "content_unit",
    "weight_grams",
    "vat_percent",
    "is_sold",
)


class Claims(Refused):
    """Copy of a live product promises too much; `found` is (field, sentence)."""

    def __init__(self, found: list[tuple[str, str]]) -> None:
        super().__init__("Some words promise more than a cosmetic may.")
        self.found = found


def make_product(*, name: str, brand: str, sku: str, price_minor: int, by: str) -> Product:
    """A draft with one size. Raises Refused for a SKU that another size has."""
    if db.session.scalar(select(Variant.id).where(Variant.sku == sku)) is not None:
        raise Refused(f"Another size has the SKU {sku}.", field="sku")
    product = Product(
        slug=free_slug(Product, f"{brand} {name}"),
        name=name,
        brand=_brand(brand),
        skin_types=[],
        key_actives=[],
        drawing=painted(drawing_for(brand, None, name=name)),
        state="draft",
        price_minor=price_minor,
        made_at=clock.now(),
        variants=[Variant(sku=sku, price_minor=price_minor)],
    )
    db.session.add(product)
    db.session.flush()
    record(f"product:{product.id}", axis="state", was=None, now="draft", by=by)
    return product


def change_words(product: Product, values: Mapping[str, Any], *, by: str) -> list[tuple[str, str]]:
    """Keep the new words; says what the claim rules speak against in a draft. Raises Claims for a live product."""
    claims = claims_in({name: values[name] for name in COPY if name in values})
    if claims and product.state == "live":
        raise Claims(claims)
    moved = {name: [getattr(product, name), value] for name, value in values.items() if getattr(product, name) != value}
    if not moved:
        return claims
    for name, (_, value) in moved.items():
        setattr(product, name, value)
    record(f"product:{product.id}", axis="words", was=None, now=", ".join(sorted(moved)), by=by, details=moved)
    if "inci" in moved:
        lists_changed([(product.id, *moved["inci"])])
    if set(READ_BY) & set(moved):
        read_anew(product)
    elif "supplier" in moved:
        keep_last_days(product)
    indexing.update([product.id])
    return claims


def keep_size(product: Product, variant: Variant | None, *, price_minor: int, facts: Mapping[str, Any], by: str) -> Variant:
    """Change a size, or add one by `facts["sku"]`. Raises Refused for a SKU or EAN that another size has."""
    barcode = facts.get("barcode")
    _refuse_taken(Variant.barcode, barcode, variant, "barcode", "EAN")
    if variant is None:
        variant = _new_size(product, str(facts.get("sku") or ""), price_minor)
        record(f"product:{product.id}", axis="sizes", was=None, now=variant.sku, by=by)
    moved = {name: [getattr(variant, name), facts[name]] for name in SIZE_FACTS if getattr(variant, name) != facts[name]}
    for name, (_, value) in moved.items():
        setattr(variant, name, value)
    if moved:
        record(f"variant:{variant.id}", axis="facts", was=None, now=", ".join(sorted(moved)), by=by, details=moved)
    set_variant_price(variant, price_minor, by=by)
    refresh_cheapest([product.id])
    refresh_in_stock([variant.id])
    db.session.expire(product)
    indexing.update([product.id])
    return variant


def add_link(product: Product, *, concern: str, phase: str, role: str, reason: str, by: str) -> None:
    """A person's link; it takes the place of a rule's. Raises Refused for claims and unknown concerns."""
    claims = claims_in({"reason": reason})
    if claims:
        raise Refused(claims[0][1], field="link_reason")
    found = db.session.scalars(select(Concern).where(Concern.slug == concern)).first()
    if found is None:
        raise Refused("Choose a concern.", field="concern")
    same = (ProductConcern.product_id == product.id, ProductConcern.concern_id == found.id, ProductConcern.phase == phase)
    changed(delete(ProductConcern).where(*same))
    link = ProductConcern(product_id=product.id, concern_id=found.id, phase=phase, role=role, reason=reason)
    link.origin = "person"
    db.session.add(link)
    record(f"product:{product.id}", axis="links", was=None, now=f"{concern}, {phase}, {role}", by=by, note=reason)
    indexing.update([product.id])


def remove_link(product: Product, link_id: int, *, by: str) -> None:
    """Raises NotFound for a link of another product."""
    wanted = select(ProductConcern).where(ProductConcern.id == link_id, ProductConcern.product_id == product.id)
    link = one_or_404(wanted, "This link is not here any more.")
    was = f"{link.concern_id}, {link.phase}, {link.role}"
    db.session.delete(link)
    record(f"product:{product.id}", axis="links", was=was, now=None, by=by)
    indexing.update([product.id])


def read_anew(product: Product) -> None:
    """What the list of ingredients says, for filters, facets and links by rule."""
    read = assess(product.inci, step=product.step, area=product.area)
    product.reading, product.key_actives = read.reading, list(read.actives)
    db.session.flush()
    concern_ids = dict(db.session.execute(select(Concern.slug, Concern.id)).all())
    keep_assessments([(product, read)], concern_ids=concern_ids)


def _new_size(product: Product, sku: str, price_minor: int) -> Variant:
    if not sku:
        raise Refused("A SKU tells the sizes apart.", field="sku")
    _refuse_taken(Variant.sku, sku, None, "sku", "SKU")
    last = select(Variant.position).where(Variant.product_id == product.id).order_by(Variant.position.desc()).limit(1)
    place = (db.session.scalar(last) or 0) + 1
    variant = Variant(product_id=product.id, sku=sku, price_minor=price_minor, position=place)
    try:
        with db.session.begin_nested():
            db.session.add(variant)
    except IntegrityError:
        raise Conflict(f"Another size has the SKU {sku}.", field="sku") from None
    return variant


def _refuse_taken(column: Any, value: str | None, variant: Variant | None, field: str, word: str) -> None:
    if not value:
        return
    others = select(Variant.sku).where(column == value)
    if variant is not None:
        others = others.where(Variant.id != variant.id)
    taken = db.session.scalar(others.limit(1))
    if taken is not None:
        raise Refused(f"{taken} has this {word} already.", field=field)


def _brand(name: str) -> Brand:
    known = db.session.scalars(select(Brand).where(Brand.name == name)).first()
    return known or Brand(slug=free_slug(Brand, name), name=name)


def free_slug(model: Any, words: str) -> str:
    """An address that nothing of this kind has."""
    base = slug_of(words) or "new"
    taken = set(db.session.scalars(select(model.slug).where(model.slug.startswith(base, autoescape=True))))
    return next(name for n in range(1, 10**6) if (name := base if n == 1 else f"{base}-{n}") not in taken)
