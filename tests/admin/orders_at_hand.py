"""Orders as the shop would have placed them, without the way through checkout: stock allocated, money in the ledger."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import select

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.inventory import holding
from shop.inventory.models import Stock
from shop.orders.models import Order, OrderLine
from shop.payments import ledger
from tests.support.factories import make_product

_number = count(1)
ADDRESS = {"name": "Ada Guest", "line1": "1 Quiet Lane", "city": "London", "postcode": "N1 9GU"}


def make_order(*, units: int = 1, stock: Stock | None = None, paid: bool = True, **given: Any) -> Order:
    """A placed order of one line of goods by post; `state="open"` makes one that waits for its payment."""
    n = next(_number)
    stock = stock or make_shelf()
    total = 2500 * units
    facts: dict[str, Any] = {"number": f"AG-TEST{n:04}", "state": "placed", "fulfilment": "open", "delivery": "ship"}
    facts |= {"email": f"guest{n}@example.com", "name": f"Guest {n}", "address": ADDRESS, "country": "GB"}
    facts |= {"jurisdiction": "uk", "currency": "GBP", "goods_minor": total, "sessions_minor": 0, "delivery_minor": 0}
    facts |= {"total_minor": total, "vat_minor": total // 6, "consents": [], "promise": {}, "made_at": clock.now()}
    facts |= given
    if facts["state"] == "open":
        facts["fulfilment"] = "none"
    order = Order(holds=[[stock.id, units]], placed_at=clock.now() if facts["state"] == "placed" else None, **facts)
    db.session.add(order)
    db.session.flush()
    _line(order, stock, units)
    holding.hold([(stock.id, units)])
    if order.state == "placed":
        holding.allocate([(stock.id, units)], cause=f"order:{order.number}", by="checkout")
    if paid and order.state == "placed" and total:
        reference = {"reference": f"captured:pi_{n}", "payment_intent": f"pi_{n}"}
        ledger.write_down("captured", order_number=order.number, amount_minor=total, currency="GBP", **reference)
    return order


def make_shelf(units: int = 20) -> Stock:
    """The stock row of a new product."""
    product = make_product(stock=units)
    of_product = select(Stock).join(Variant, Variant.id == Stock.variant_id).where(Variant.product_id == product.id)
    return db.session.scalars(of_product).one()


def _line(order: Order, stock: Stock, units: int) -> None:
    name = db.session.scalars(
        select(Product.name).join(Variant, Variant.product_id == Product.id).where(Variant.id == stock.variant_id)
    ).one()
    line = OrderLine(
        order_id=order.id,
        position=0,
        kind="variant",
        variant_id=stock.variant_id,
        stock_id=stock.id,
        name=name,
        statement_name=name,
        details={"detail": "50 ml"},
        quantity=units,
        list_minor=2500,
        gross_minor=2500 * units,
        vat_percent="20",
        vat_minor=2500 * units // 6,
        unit_gross=[2500] * units,
        unit_vat=[2500 // 6] * units,
    )
    db.session.add(line)
    db.session.flush()
