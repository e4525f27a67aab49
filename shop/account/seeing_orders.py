"""What was bought and where it is, with what it takes to buy it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.catalog.models import Box, Package, Product, Variant
from shop.core.db import db
from shop.orders.models import Order, OrderLine

PER_PAGE = 12
STATES = ("open", "placed", "cancelled")
FULFILMENT = {
    ("ship", "open"): ("Being packed", "wait"),
    ("ship", "part"): ("Partly sent", "wait"),
    ("ship", "done"): ("Sent", "good"),
    ("collect", "open"): ("Being got ready", "wait"),
    ("collect", "part"): ("Partly collected", "wait"),
    ("collect", "done"): ("Collected", "good"),
}


@dataclass(frozen=True)
class Line:
    """`again` is the field and value of POST /bag/lines, or None when it is not sold any more."""

    name: str
    quantity: int
    gross_minor: int
    detail: str
    drawing: dict[str, Any] | None
    again: tuple[str, str] | None
    path: str | None


@dataclass(frozen=True)
class Bought:
    """One order in the history."""

    id: int
    number: str
    at: datetime
    total_minor: int
    state: tuple[str, str]
    is_on_its_way: bool
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class History:
    """One page of orders, newest first; `after` leads to the older ones."""

    orders: list[Bought]
    after: int | None


def history_of(client_id: int | None, *, after: int | None = None, limit: int = PER_PAGE) -> History:
    """Two statements however many orders and lines there are."""
    if client_id is None:
        return History([], None)
    mine = select(Order).where(Order.client_id == client_id, Order.state.in_(STATES)).order_by(Order.id.desc())
    if after is not None:
        mine = mine.where(Order.id < after)
    orders = list(db.session.scalars(mine.limit(limit + 1)))
    shown, lines = orders[:limit], _lines([order.id for order in orders[:limit]])
    bought = [_bought(order, lines.get(order.id, [])) for order in shown]
    return History(bought, shown[-1].id if len(orders) > limit else None)


def _bought(order: Order, lines: list[Line]) -> Bought:
    on_its_way = order.state == "placed" and order.fulfilment in ("open", "part")
    at = order.placed_at or order.made_at
    return Bought(order.id, order.number, at, order.total_minor, _state(order), on_its_way, lines)


def _state(order: Order) -> tuple[str, str]:
    if order.state == "open":
        return "Waiting for payment", "wait"
    if order.state == "cancelled":
        return "Cancelled", "quiet"
    return FULFILMENT.get((order.delivery, order.fulfilment), ("Paid", "good"))


def _lines(order_ids: list[int]) -> dict[int, list[Line]]:
    if not order_ids:
        return {}
    sold = (Variant.sku, Variant.is_sold, Product.slug, Product.state, Package.slug, Package.state, Box.slug, Box.state)
    whole = OrderLine.order_id.in_(order_ids) & OrderLine.parent_position.is_(None) & (OrderLine.kind != "shipping")
    rows = (
        select(OrderLine, *sold)
        .outerjoin(Variant, Variant.id == OrderLine.variant_id)
        .outerjoin(Product, Product.id == Variant.product_id)
        .outerjoin(Package, Package.id == OrderLine.package_id)
        .outerjoin(Box, Box.id == OrderLine.box_id)
        .where(whole)
        .order_by(OrderLine.order_id, OrderLine.position)
    )
    found: dict[int, list[Line]] = {}
    for row in db.session.execute(rows):
        found.setdefault(row[0].order_id, []).append(_line(row))
    return found


def _line(row: Sequence[Any]) -> Line:
    line, sku, is_sold, product, product_state, package, package_state, box, box_state = row
    again, path = None, None
    if line.kind == "variant" and product_state == "live":
        again, path = ("sku", sku) if is_sold else None, f"/products/{product}"
    elif line.kind == "package" and package_state == "live":
        again, path = ("package", package), f"/packages/{package}"
    elif line.kind == "box" and box_state == "live":
        again = ("box", box)
    facts = line.details
    return Line(line.name, line.quantity, line.gross_minor, facts.get("detail", ""), facts.get("drawing"), again, path)
