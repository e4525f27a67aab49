"""Buyers and what reached them, as the tests of reviews arrange it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from shop.accounts.models import Client
from shop.catalog.models import Product
from shop.core import clock
from shop.core.db import db
from shop.core.settings import change_setting, forget
from shop.orders.models import Order, Parcel
from shop.reviews.models import Review
from tests.account.things import make_line, make_order
from tests.support.factories import make_client, make_product, make_variant

_number = count(1)


def open_reviews() -> None:
    change_setting("reviews.on", True, by="the tests")
    db.session.commit()
    forget()


def receive_order(
    client: Client, *products: Product, left_at: datetime | None = None, delivery: str = "collect", **given: Any
) -> Order:
    """An order of these products that left at that moment, just now by default."""
    order = make_order(client, lines=0, delivery=delivery, **given)
    lines = [
        make_line(order, place, variant_id=make_variant(product).id, name=product.name, done=1)
        for place, product in enumerate(products)
    ]
    at = left_at or clock.now()
    facts = {"state": "left", "lines": [[line.id, 1] for line in lines], "made_at": at, "left_at": at, "by": "user:1"}
    db.session.add(Parcel(order_id=order.id, delivery=delivery, cause=f"parcel:{next(_number)}", **facts))
    db.session.flush()
    return order


def make_review(product: Product, client: Client | None = None, **given: Any) -> Review:
    """Published, five stars, unless said otherwise."""
    client, now = client or make_client(), clock.now()
    facts = {"stars": 5, "text": "It sinks in quickly.", "shown_name": "Nora B.", "state": "shown", "turn": 1}
    row = Review(product_id=product.id, client_id=client.id, made_at=now, changed_at=now, **facts | given)
    if row.state != "waiting":
        row.decided_at, row.decided_by = now, "user:1"
    db.session.add(row)
    db.session.flush()
    return row


def days(number: int) -> timedelta:
    return timedelta(days=number)


__all__ = ["days", "make_product", "make_review", "open_reviews", "receive_order"]
