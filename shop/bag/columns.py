"""The columns by which the catalogue and the shelves describe a piece, wherever it is bought from."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, and_

from shop.catalog.models import Brand, Package, Product, Treatment, Variant
from shop.inventory.models import Lot, Stock
from shop.inventory.selling import may_be_sold

LEFT = Stock.on_hand - Stock.allocated - Stock.held


def piece_columns() -> tuple[Any, ...]:
    """A variant's or a package's facts, and one stock row of the variant."""
    return (
        *(Variant.id.label("variant_id"), Variant.sku, Variant.name.label("size_name"), Variant.price_minor),
        *(Variant.content_amount, Variant.content_unit, Variant.weight_grams, Variant.is_sold),
        *(Variant.vat_percent.label("variant_vat"), Product.name.label("product_name"), Product.slug, Product.state),
        *(Product.id.label("product_id"), Product.gated, Product.drawing, Brand.name.label("brand_name")),
        *(Product.amount_per_use_ml, Product.uses_per_day, Product.last_sale, Product.sale_ends),
        *(Package.id.label("package_id"), Package.slug.label("package_slug"), Package.name.label("package_name")),
        *(Package.statement_name, Package.area, Package.sessions, Package.gaps, Package.validity_days),
        *(Package.price_minor.label("package_minor"), Package.vat_percent.label("package_vat")),
        *(Package.state.label("package_state"), Package.single_minor, Treatment.id.label("treatment_id")),
        *(Treatment.slug.label("treatment_slug"), Treatment.sold_as),
        *(Stock.id.label("stock_id"), LEFT.label("available"), Lot.id.label("lot_id"), Lot.expires_on),
        Lot.on_market_since,
    )


def with_pieces(statement: Select[Any], *, variant_id: Any, package_id: Any, first: date) -> Select[Any]:
    """Join what those two columns point to, and lots that end at `first` or later; shelves come in the order in which they are sold: first expired first."""
    return (
        statement.outerjoin(Variant, Variant.id == variant_id)
        .outerjoin(Product, Product.id == Variant.product_id)
        .outerjoin(Brand, Brand.id == Product.brand_id)
        .outerjoin(Package, Package.id == package_id)
        .outerjoin(Treatment, Treatment.id == Package.treatment_id)
        .outerjoin(Stock, and_(Stock.variant_id == variant_id, LEFT > 0))
        .outerjoin(Lot, and_(Lot.id == Stock.lot_id, may_be_sold(first)))
    )


def shelf_order() -> tuple[Any, ...]:
    return (Lot.expires_on.is_(None), Lot.expires_on, Stock.id)
