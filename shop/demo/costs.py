"""What the goods of the demo clinic cost: a part of their price, brand by brand, known for all lots but a few."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.inventory.buying_models import LotCost
from shop.inventory.models import Lot, Stock, StockMovement

BY = "demo"
PERCENT = (38, 42, 45, 50)
UNKNOWN_EVERY = 23


def add_costs() -> None:
    """One delivery's cost for each lot that is on the shelf."""
    came = func.sum(StockMovement.on_hand_change)
    rows = (
        select(Lot.id, Variant.price_minor, Product.brand_id, came)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Stock, Stock.lot_id == Lot.id)
        .join(StockMovement, StockMovement.stock_id == Stock.id)
        .where(StockMovement.kind == "receive")
        .group_by(Lot.id, Variant.price_minor, Product.brand_id)
        .order_by(Lot.id)
    )
    now, costs = clock.now(), []
    for lot_id, price_minor, brand_id, units in db.session.execute(rows):
        each = price_minor * PERCENT[brand_id % len(PERCENT)] // 120  # of the price without VAT
        facts = {"lot_id": lot_id, "kind": "came", "units": int(units), "total_minor": int(units) * each}
        costs.append(facts | {"cause": f"demo:cost:{lot_id}", "by": BY, "at": now})
    kept = [row for number, row in enumerate(costs, start=1) if number % UNKNOWN_EVERY]
    db.session.execute(insert(LotCost), kept)
