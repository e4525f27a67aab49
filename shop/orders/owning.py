"""What clients own: what they bought here and have not used up, and what they typed in themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from shop.care.labels import Label
from shop.catalog.models import Brand, Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.intake.cupboards import items_of
from shop.intake.labels import label_of
from shop.intake.models import CupboardItem
from shop.orders.models import Order, OrderLine

KEPT_FOR = timedelta(days=365)  # what was bought longer ago is taken to be used up


@dataclass(frozen=True)
class Owned:
    """One thing at home. `item_id` is missing while the client has said nothing about something bought here."""

    client_id: int
    name: str
    brand: str
    inci: str
    step: str
    when: str
    slug: str = ""
    item_id: int | None = None
    product_id: int | None = None
    waits_for_reading: bool = False

    @property
    def label(self) -> Label:
        return label_of(self.inci)

    @property
    def is_typed(self) -> bool:
        """Named by the client in free words, which stay between client and clinic."""
        return self.product_id is None

    @property
    def field(self) -> tuple[str, int]:
        """Name and value by which a form speaks of it."""
        return ("product", self.product_id) if self.product_id is not None else ("item", self.item_id or 0)


def owned_by(client_id: int) -> list[Owned]:
    return owned_by_clients([client_id]).get(client_id, [])


def owned_by_clients(client_ids: list[int]) -> dict[int, list[Owned]]:
    """Everything at home of each; three statements for any number of clients."""
    bought, items = _bought(client_ids), items_of(client_ids)
    said: dict[Any, CupboardItem] = {
        (item.client_id, item.product_id): item for item in items if item.product_id is not None
    }
    pairs = {pair for pair, at in bought.items() if not _is_used_up(said.get(pair), at)}
    pairs |= {pair for pair, item in said.items() if item.finished_at is None}
    products = _products({product_id for _, product_id in pairs if product_id is not None})
    found: dict[int, list[Owned]] = {}
    for client_id, product_id in sorted(pairs):
        if product_id in products:
            found.setdefault(client_id, []).append(
                _from_shop(client_id, products[product_id], said.get((client_id, product_id)))
            )
    for item in items:
        if item.product_id is None and item.finished_at is None:
            found.setdefault(item.client_id, []).append(_typed(item))
    return found


def owners_of(product_id: int) -> list[int]:
    """The clients who own this product, by id."""
    since = clock.now() - KEPT_FOR
    buyers = (
        select(Order.client_id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .where(
            Variant.product_id == product_id, Order.state == "placed", Order.client_id.is_not(None), Order.placed_at > since
        )
    )
    told = select(CupboardItem.client_id).where(CupboardItem.product_id == product_id)
    asked = sorted({*db.session.scalars(buyers), *db.session.scalars(told)} - {None})
    owned = owned_by_clients([client_id for client_id in asked if client_id is not None])
    return [client_id for client_id, things in owned.items() if any(one.product_id == product_id for one in things)]


def _bought(client_ids: list[int]) -> dict[tuple[int, int | None], datetime]:
    """(client, product) → when it was last bought."""
    rows = (
        select(Order.client_id, Variant.product_id, func.max(Order.placed_at).label("at"))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .where(
            Order.client_id.in_(client_ids),
            Order.state == "placed",
            Order.placed_at > clock.now() - KEPT_FOR,
            OrderLine.quantity > OrderLine.called_off,
        )
        .group_by(Order.client_id, Variant.product_id)
    )
    return {(row.client_id, row.product_id): row.at for row in db.session.execute(rows)}


def _is_used_up(item: CupboardItem | None, bought_at: datetime) -> bool:
    return item is not None and item.finished_at is not None and item.finished_at >= bought_at


def _products(ids: Iterable[int]) -> dict[int, tuple[Product, str]]:
    rows = select(Product, Brand.name).join(Brand, Brand.id == Product.brand_id).where(Product.id.in_(list(ids)))
    return {product.id: (product, brand) for product, brand in db.session.execute(rows)}


def _from_shop(client_id: int, found: tuple[Product, str], item: CupboardItem | None) -> Owned:
    product, brand = found
    return Owned(
        client_id=client_id,
        name=product.name,
        brand=brand,
        inci=product.inci,
        step=product.step or "",
        when=(item.content or {}).get("when", "") if item is not None else "",
        slug=product.slug if product.state == "live" else "",
        item_id=item.id if item is not None else None,
        product_id=product.id,
    )


def _typed(item: CupboardItem) -> Owned:
    told = item.content
    return Owned(
        client_id=item.client_id,
        name=told.get("name", ""),
        brand="",
        inci=told.get("inci", ""),
        step=told.get("step", ""),
        when=told.get("when", ""),
        item_id=item.id,
        waits_for_reading=item.photo_id is not None and item.read_by is None and not told.get("inci"),
    )
