"""Which shelf units are taken from when nobody names one: by date, among the lots that the law lets be sold there."""

from __future__ import annotations

from sqlalchemy import select

from shop.catalog.models import Product, Variant
from shop.catalog.selling_days import last_days_of_lot, why_not_sold
from shop.core.db import db
from shop.inventory.models import Lot, Stock
from shop.inventory.selling import first_end, may_be_sold


def shelf_for(variant_id: int, units: int, *, country: str) -> Stock | None:
    """The first shelf, by date, that may be sold from to that country and holds so many; None when no single one does."""
    left = Stock.on_hand - Stock.allocated - Stock.held
    law = (Product.last_sale, Product.sale_ends, Lot.on_market_since)
    rows = select(Stock, *law).join(Lot, Lot.id == Stock.lot_id).join(Variant, Variant.id == Stock.variant_id)
    rows = rows.join(Product, Product.id == Variant.product_id).where(Stock.variant_id == variant_id, left >= units)
    ordered = rows.where(may_be_sold(first_end())).order_by(Lot.expires_on.is_(None), Lot.expires_on, Stock.id)
    found = db.session.execute(ordered).all()
    return next((row[0] for row in found if not why_not_sold(last_days_of_lot(*row[1:]), country)), None)
