"""What has to come off the shelves for the orders that wait, in the order in which one walks past the places."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select, text

from shop.catalog.models import Variant
from shop.core.db import db
from shop.inventory.bins import bins_of
from shop.inventory.models import Lot, Stock
from shop.orders.finding import is_ready
from shop.orders.models import TO_SEND, Order, OrderLine

MOST_ORDERS = 60


@dataclass
class Pick:
    """One lot of one article, with the orders that get it."""

    bin: str
    sku: str
    name: str
    size: str
    lot: str
    expires_on: date | None
    units: int = 0
    orders: list[tuple[str, int]] = field(default_factory=list)


def pick_list(*, number: str = "") -> list[Pick]:
    """By place, then by article; of one order, else of the oldest that wait and are not ready yet."""
    waiting = select(Order.id).where(Order.number == number) if number else _oldest()
    units = OrderLine.quantity - OrderLine.done - OrderLine.called_off
    rows = (
        select(OrderLine, units.label("units"), Order.number, Variant, Lot)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Stock, Stock.id == OrderLine.stock_id)
        .join(Lot, Lot.id == Stock.lot_id)
        .where(OrderLine.order_id.in_(waiting), units > 0)
        .order_by(Order.id, OrderLine.position)
    )
    found: dict[tuple[int, int], Pick] = {}
    read = db.session.execute(rows).all()
    bins = bins_of({variant.id for _, _, _, variant, _ in read})
    for line, count, order, variant, lot in read:
        facts = (bins.get(variant.id, ""), variant.sku, line.name, variant.size, lot.code, lot.expires_on)
        pick = found.setdefault((variant.id, lot.id), Pick(*facts))
        pick.units += count
        pick.orders.append((order, count))
    return sorted(found.values(), key=lambda pick: (not pick.bin, pick.bin, pick.name, pick.lot))


def _oldest() -> Any:
    return select(Order.id).where(text(TO_SEND), ~is_ready()).order_by(Order.id).limit(MOST_ORDERS)
