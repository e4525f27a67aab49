"""Who may write about what: a client, of each product that they bought here and that has reached them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from shop.catalog.models import Brand, Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.core.settings import setting
from shop.orders.models import Order, OrderLine, Parcel

LEFT = func.coalesce(Parcel.left_at, Order.placed_at)


@dataclass(frozen=True)
class Received:
    """A product in somebody's hands since `at`, of the order `order_id` of `client_id`."""

    product_id: int
    slug: str
    name: str
    brand: str
    client_id: int
    order_id: int
    at: datetime


def received_by(client_id: int) -> dict[int, Received]:
    """product → its first arrival, the newest purchase first; one statement however much was bought.

    What is sold on a consultant's advice alone is left out: saying who uses it says what it is for.
    """
    there = [one for one in arrived(_lines().where(Order.client_id == client_id)) if one.at <= clock.now()]
    found: dict[int, Received] = {}
    for one in sorted(there, key=lambda one: one.at, reverse=True):
        found.setdefault(one.product_id, one)
    return found


def received_since(since: datetime, until: datetime) -> list[Received]:
    """Everybody's arrivals between two moments."""
    longest = _on_the_way()
    left = (since - longest < LEFT, until >= LEFT)
    return [one for one in arrived(_lines().where(*left)) if since < one.at <= until]


def arrived(lines: Select[Any]) -> list[Received]:
    """Handed over at the clinic it arrives at once, sent by a carrier after the clinic's usual days on the way."""
    return [
        Received(
            row.id,
            row.slug,
            row.name,
            row.brand,
            row.client_id,
            row.order_id,
            row.left_at + (_on_the_way() if row.delivery == "ship" else timedelta()),
        )
        for row in db.session.execute(lines)
        if row.inside is None or row.line_id in {line_id for line_id, _ in row.inside}
    ]


def _lines() -> Select[Any]:
    """What left, with its parcel; an order of before parcels were written down left as a whole on the day it was placed."""
    what = (Product.id, Product.slug, Product.name, Brand.name.label("brand"), Order.client_id, OrderLine.order_id)
    how = (OrderLine.id.label("line_id"), Order.delivery, LEFT.label("left_at"), Parcel.lines.label("inside"))
    return (
        select(*what, *how)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Brand, Brand.id == Product.brand_id)
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(Parcel, Parcel.order_id == Order.id)
        .where(OrderLine.kind == "variant", OrderLine.done > 0, Order.state == "placed")
        .where(or_(Parcel.state == "left", Parcel.id.is_(None) & (Order.fulfilment == "done")))
        .where(Product.state == "live", Product.gated.is_(False))
        .order_by(Parcel.id, OrderLine.id)
    )


def _on_the_way() -> timedelta:
    return timedelta(days=int(setting("delivery.days_on_the_way")))
