"""Which products a client got, by lot: what whoever looks into a reaction has to know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.inventory.models import Lot, Stock
from shop.orders.models import Order, OrderLine

LOOK_BACK = timedelta(days=365)


def lots_of_client(*, client_id: int, **_facts: object) -> list[dict[str, Any]]:
    """Hears "client.products": what left for the client within a year, the latest first; one statement."""
    rows = (
        select(Order.number, Order.placed_at, Product.name, Variant, Lot.code)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(Stock, Stock.id == OrderLine.stock_id)
        .outerjoin(Lot, Lot.id == Stock.lot_id)
        .where(Order.client_id == client_id, OrderLine.done > 0, Order.placed_at > clock.now() - LOOK_BACK)
        .order_by(Order.placed_at.desc(), OrderLine.id)
    )
    return [
        {
            "order": row.number,
            "on": clock.local(row.placed_at).date().isoformat(),
            "name": f"{row.name}, {row.Variant.size}",
            "sku": row.Variant.sku,
            "lot": row.code or "unknown",
        }
        for row in db.session.execute(rows)
    ]
