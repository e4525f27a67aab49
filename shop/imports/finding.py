"""Which product of the shop a row of a file means: by its address, a former address, its name, or its SKUs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, tuple_
from sqlalchemy.orm import selectinload

from shop.catalog.models import Brand, Concern, Handle, Product, ProductConcern, Variant
from shop.core.db import db
from shop.imports.rows import ProductRow, slug


@dataclass(slots=True)
class Shelf:
    """What the shop knows already about one batch of rows; asked for in a handful of statements."""

    by_slug: dict[str, Product] = field(default_factory=dict)
    by_former: dict[str, Product] = field(default_factory=dict)
    by_name: dict[tuple[str, str], Product] = field(default_factory=dict)
    owner_of: dict[str, Product] = field(default_factory=dict)
    brands: dict[str, Brand] = field(default_factory=dict)
    brand_slugs: set[str] = field(default_factory=set)
    concern_ids: dict[str, int] = field(default_factory=dict)

    def find(self, row: ProductRow) -> Product | None:
        """The product that the row means, or None when it is new."""
        known = self.by_slug.get(row.handle) or self.by_former.get(row.handle)
        if known is None and row.by_name:
            known = self.by_name.get((row.brand, row.name))
        if known is None:
            known = self._owner_of_all(row)
        return known

    def _owner_of_all(self, row: ProductRow) -> Product | None:
        """The product of the same name that has every SKU of the row: one shared SKU alone may be a slip."""
        owners = [self.owner_of.get(variant.sku) for variant in row.variants]
        first = owners[0] if owners else None
        if first is None or any(owner is not first for owner in owners):
            return None
        return first if slug(first.name) == slug(row.name) else None

    def taken(self, row: ProductRow, product: Product | None) -> list[tuple[int, str, Product]]:
        """(row, SKU, product) for SKUs that another product has."""
        mine = product.id if product else None
        found = ((v.row, v.sku, self.owner_of.get(v.sku)) for v in row.variants)
        return [(number, sku, owner) for number, sku, owner in found if owner is not None and owner.id != mine]


def shelf_for(rows: Sequence[ProductRow]) -> Shelf:
    """Everything that these rows could mean."""
    former = _former([row.handle for row in rows])
    skus = [variant.sku for row in rows for variant in row.variants]
    names = [(row.brand, row.name) for row in rows if row.by_name]
    owners = dict(_pairs(select(Variant.sku, Variant.product_id).where(Variant.sku.in_(skus))))
    named = select(Product.id).join(Product.brand).where(tuple_(Brand.name, Product.name).in_(names))
    wanted = Product.slug.in_([*(row.handle for row in rows), *former.values()])
    ids = [*owners.values(), *(db.session.scalars(named) if names else [])]
    products = _products(wanted | Product.id.in_(ids))
    by_id = {product.id: product for product in products}
    shelf = Shelf(
        by_slug={product.slug: product for product in products},
        by_name={(product.brand.name, product.name): product for product in products},
        owner_of={sku: by_id[product_id] for sku, product_id in owners.items()},
        brands=_brands({row.brand for row in rows}),
        brand_slugs=set(db.session.scalars(select(Brand.slug))),
        concern_ids=dict(_pairs(select(Concern.slug, Concern.id))),
    )
    shelf.by_former = {old: shelf.by_slug[new] for old, new in former.items() if new in shelf.by_slug}
    return shelf


def _former(handles: Iterable[str]) -> dict[str, str]:
    """Handles under which another address answers now."""
    prefix = "/products/"
    asked = select(Handle.old_path, Handle.new_path).where(Handle.old_path.in_([prefix + handle for handle in handles]))
    return {old.removeprefix(prefix): new.removeprefix(prefix) for old, new in _pairs(asked)}


def _products(which: object) -> list[Product]:
    loaded = selectinload(Product.variants), selectinload(Product.brand)
    links = selectinload(Product.links).selectinload(ProductConcern.concern)
    return list(db.session.scalars(select(Product).where(which).options(*loaded, links).order_by(Product.id)))  # type: ignore[arg-type]


def _brands(names: set[str]) -> dict[str, Brand]:
    return {brand.name: brand for brand in db.session.scalars(select(Brand).where(Brand.name.in_(names)))}


def _pairs(statement: object) -> list[tuple]:
    return [tuple(row) for row in db.session.execute(statement)]  # type: ignore[call-overload]
