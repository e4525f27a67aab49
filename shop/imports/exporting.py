"""The catalogue goes out as a plain table that comes in again without changing anything."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, TextIO

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from shop.catalog.models import Product, Variant
from shop.core.db import db
from shop.core.money import exponent
from shop.inventory.models import Stock

BATCH = 500
PRODUCT_COLUMNS = (
    "handle", "brand", "name", "step", "area", "texture", "state", "blurb", "body_md", "how_to_use", "inci", "skin_types",
    "warnings", "responsible_person", "pao_months",
)  # fmt: skip
VARIANT_COLUMNS = (
    "sku", "barcode", "variant", "price", "compare_at", "stock", "stock_exported", "weight_grams", "content_amount",
    "content_unit", "vat_percent",
)  # fmt: skip
COLUMNS = PRODUCT_COLUMNS + VARIANT_COLUMNS
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_products(stream: TextIO, *, currency: str) -> int:
    """Write every product with the sizes that are sold, one row for each size; answers how many rows."""
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    rows = 0
    for product in _products():
        stock = _stock_of(product)
        for variant in product.variants:
            if variant.is_sold:
                cells = _product_cells(product) | _variant_cells(variant, stock.get(variant.id, 0), currency)
                writer.writerow({column: guarded(cells[column]) for column in COLUMNS})
                rows += 1
    return rows


def guarded(value: Any) -> str:
    """A cell that a spreadsheet will show and not calculate: an apostrophe before a sign that begins a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _products() -> Iterator[Product]:
    loaded = selectinload(Product.variants), selectinload(Product.brand)
    last = 0
    while batch := list(
        db.session.scalars(select(Product).where(Product.id > last).options(*loaded).order_by(Product.id).limit(BATCH))
    ):
        yield from batch
        last = batch[-1].id
        db.session.expunge_all()


def _stock_of(product: Product) -> dict[int, int]:
    ids = [variant.id for variant in product.variants]
    on_hand = select(Stock.variant_id, func.sum(Stock.on_hand)).where(Stock.variant_id.in_(ids)).group_by(Stock.variant_id)
    return {variant_id: int(units) for variant_id, units in db.session.execute(on_hand)}


def _product_cells(product: Product) -> dict[str, Any]:
    cells = {column: getattr(product, column, "") for column in PRODUCT_COLUMNS}
    return cells | {"handle": product.slug, "brand": product.brand.name, "skin_types": ", ".join(product.skin_types)}


def _variant_cells(variant: Variant, stock: int, currency: str) -> dict[str, Any]:
    cells = {column: getattr(variant, column, "") for column in VARIANT_COLUMNS}
    prices = {"price": variant.price_minor, "compare_at": variant.compare_at_minor}
    return (
        cells
        | {name: _amount(minor, currency) for name, minor in prices.items()}
        | {"variant": variant.name, "stock": stock, "stock_exported": stock}
    )


def _amount(minor: int | None, currency: str) -> str:
    """Plain figures with a point, as the reader wants them: 20.00."""
    if minor is None:
        return ""
    places = exponent(currency)
    whole, rest = divmod(minor, 10**places)
    return f"{whole}.{rest:0{places}}" if places else str(whole)
