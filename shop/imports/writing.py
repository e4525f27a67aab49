"""Plans become rows of the database, a batch at a time: a handful of statements for a hundred products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from shop.catalog import indexing
from shop.catalog.changing_prices import note_new_prices
from shop.catalog.models import Brand, Handle, Product, Variant
from shop.catalog.reformulating import lists_changed
from shop.catalog.tones import painted
from shop.core import clock
from shop.core.db import db
from shop.imports.assessing import Assessment, keep_assessments
from shop.imports.drawing import drawing_for
from shop.imports.finding import Shelf
from shop.imports.planning import SAME, Plan
from shop.imports.restocking import restock
from shop.imports.rows import ProductRow, VariantRow, slug
from shop.imports.sorting import AREAS
from shop.inventory.stocking import Goods, stock_new


def write(plans: Sequence[Plan], shelf: Shelf, *, stock: int | None, by: str) -> None:
    """Make and change products; flushes, never commits."""
    before = {plan.product.id: plan.product.inci for plan in plans if plan.product is not None}
    moved = [
        (variant.id, variant.price_minor, changes["price_minor"])
        for plan in plans
        for _, variant, changes in plan.variants
        if "price_minor" in changes
    ]
    with db.session.no_autoflush:
        written = [(plan, _product(plan, shelf)) for plan in plans]
    db.session.flush()
    note_new_prices(moved, by=by)
    read: list[tuple[Product, Assessment]] = [(product, plan.assessment) for plan, product in written if plan.assessment]
    keep_assessments(read, concern_ids=shelf.concern_ids)
    lists_changed((product.id, before[product.id], product.inci) for _, product in written if product.id in before)
    _count_in(written, stock=stock, by=by)
    restock([one for plan, _ in written for one in plan.restocks], by=by)
    _keep_old_addresses(written)
    indexing.update([product.id for plan, product in written if plan.kind != SAME])


def _product(plan: Plan, shelf: Shelf) -> Product:
    product = plan.product or _make(plan.row, shelf)
    for name, value in plan.changes.items():
        setattr(product, name, value)
    for _, variant, changes in plan.variants:
        for name, value in changes.items():
            setattr(variant, name, value)
    for variant in plan.gone:
        variant.is_sold = False
    product.variants.extend(_variant(row, place) for place, row in enumerate(plan.added, len(product.variants)))
    if plan.assessment:
        product.inci, product.reading = plan.assessment.inci, plan.assessment.reading
        product.key_actives = list(plan.assessment.actives)
    if plan.kind != SAME:
        sold = [variant.price_minor for variant in product.variants if variant.is_sold is not False]
        product.price_minor = min(sold, default=product.price_minor)
    return product


def _make(row: ProductRow, shelf: Shelf) -> Product:
    brand = shelf.brands.get(row.brand)
    if brand is None:
        brand = shelf.brands[row.brand] = _make_brand(row.brand, shelf)
    area = row.area or AREAS.get(row.step or "", "face")
    drawing: dict[str, Any] = painted(drawing_for(row.brand, row.step, name=row.name))
    product = Product(
        slug=row.handle,
        brand=brand,
        name=row.name,
        step=row.step,
        area=area,
        texture=row.texture or "cream",
        blurb=row.blurb or "",
        body_md=row.body_md or "",
        how_to_use=row.how_to_use or "",
        warnings=row.warnings or "",
        responsible_person=row.responsible_person or "",
        skin_types=list(row.skin_types or ()),
        key_actives=[],
        pao_months=row.pao_months,
        drawing=drawing | ({"pictures": [{"src": p.src, "alt": p.alt} for p in row.pictures]} if row.pictures else {}),
        state=row.state or "live",
        variants=[],
        links=[],
        made_at=clock.now(),
    )
    db.session.add(product)
    return product


def _make_brand(name: str, shelf: Shelf) -> Brand:
    """A brand of that name; its address gets a number when another brand has it."""
    address = base = slug(name) or "brand"
    number = 1
    while address in shelf.brand_slugs:
        number += 1
        address = f"{base}-{number}"
    shelf.brand_slugs.add(address)
    return Brand(slug=address, name=name)


def _variant(row: VariantRow, position: int) -> Variant:
    return Variant(
        sku=row.sku,
        name=row.name or "",
        price_minor=row.price_minor,
        compare_at_minor=row.compare_at_minor,
        barcode=row.barcode,
        weight_grams=row.weight_grams or 0,
        content_amount=row.content_amount,
        content_unit=row.content_unit or "ml",
        vat_percent=row.vat_percent or "20",
        position=position,
    )


def _count_in(written: Sequence[tuple[Plan, Product]], *, stock: int | None, by: str) -> None:
    """Stock for new sizes alone; what the file does not say is `stock`."""
    goods = []
    for plan, product in written:
        ids = {variant.sku: variant.id for variant in product.variants} if plan.added else {}
        for row in plan.added:
            units = row.stock if row.stock is not None else stock or 0
            goods.append(Goods(ids[row.sku], units, cause=f"import:{row.sku}"))
    stock_new(goods, by=by)


def _keep_old_addresses(written: Sequence[tuple[Plan, Product]]) -> None:
    """Where the former shop had it, and where the file calls it otherwise than we do: both lead here."""
    wanted: dict[str, str] = {}
    for plan, product in written:
        here = f"/products/{product.slug}"
        olds = {plan.row.old_path, f"/products/{plan.row.handle}"} - {None, here}
        wanted |= {str(old): here for old in olds}
    known = {handle.old_path: handle for handle in db.session.scalars(select(Handle).where(Handle.old_path.in_(wanted)))}
    for old, here in wanted.items():
        if old not in known:
            db.session.add(Handle(old_path=old, new_path=here))
        elif known[old].new_path != here:
            known[old].new_path = here
    db.session.flush()
