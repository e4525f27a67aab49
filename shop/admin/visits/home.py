"""What a client has at home from this shop, and what of it runs out by its own size and use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.inventory.outliving import days_of_use
from shop.orders.models import Order, OrderLine

KEPT_FOR = timedelta(days=365)
SOON = timedelta(days=14)
SHOWN = 5


@dataclass(frozen=True)
class AtHome:
    """`until` is about when it is empty, none where the product does not say how much is used."""

    name: str
    bought_on: date
    until: date | None

    @property
    def runs_out(self) -> bool:
        return self.until is not None and self.until <= clock.today() + SOON


def at_home(client_id: int) -> list[AtHome]:
    """What runs out first stands first; one statement. What should be empty for two months is not listed."""
    sizes = (Variant.content_amount, Variant.content_unit, Product.amount_per_use_ml, Product.uses_per_day)
    rows = (
        select(Product.id, Product.name, *sizes, OrderLine.quantity - OrderLine.called_off, Order.placed_at)
        .join(Variant, Variant.product_id == Product.id)
        .join(OrderLine, OrderLine.variant_id == Variant.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.client_id == client_id, Order.state == "placed", Order.placed_at > clock.now() - KEPT_FOR)
        .where(OrderLine.quantity > OrderLine.called_off)
        .order_by(Order.placed_at)
    )
    found: dict[int, AtHome] = {}
    for product_id, name, amount, unit, use, uses, pieces, placed_at in db.session.execute(rows):
        if placed_at is None:
            continue
        on, before = clock.local(placed_at).date(), found.get(product_id)
        days = days_of_use(amount, unit, amount_per_use_ml=use, uses_per_day=uses)
        begins = max(on, before.until) if before and before.until else on
        found[product_id] = AtHome(name, on, begins + timedelta(days=days * pieces) if days else None)
    listed = [one for one in found.values() if one.until is None or one.until > clock.today() - timedelta(days=60)]
    return sorted(listed, key=lambda one: (one.until or date.max, one.name))[:SHOWN]
