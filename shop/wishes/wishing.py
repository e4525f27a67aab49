"""A client keeps products for later, takes them off the list, or puts them into the bag."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import current_app
from sqlalchemy import Select, delete, func, select

from shop.accounts.models import Client
from shop.bag.filling import add_variant
from shop.bag.finding import Owner
from shop.catalog.cards import CARD_ROW, Card, read_cards, with_cards
from shop.catalog.models import Product
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import NotFound, Refused
from shop.core.settings import setting
from shop.wishes.models import BagReminder, Wish

MOST = 100
GONE = "This product is not in the shop any more."


def open_or_404() -> None:
    """Raises NotFound while the clinic has no list of wishes."""
    if not setting("wishes.on"):
        raise NotFound("There is no list of wishes here.")


def wish_for(client_id: int, product_id: int) -> None:
    """Keep it; twice is once. Raises NotFound for what is not sold to everybody, Refused beyond MOST. Locks the client."""
    open_to_all = (Product.id == product_id, Product.state == "live", Product.gated.is_(False))
    if db.session.scalar(select(Product.id).where(*open_to_all)) is None:
        raise NotFound(GONE)
    db.session.execute(select(Client.id).where(Client.id == client_id).with_for_update())
    if wished_among(client_id, [product_id]):
        return
    if (db.session.scalar(select(func.count(Wish.id)).where(Wish.client_id == client_id)) or 0) >= MOST:
        raise Refused(f"Your list is full: it holds {MOST} products. Take one off first.")
    db.session.add(Wish(client_id=client_id, product_id=product_id, made_at=clock.now()))
    db.session.flush()


def drop(client_id: int, product_id: int) -> None:
    """Take it off the list; what is not on it is off it."""
    changed(delete(Wish).where(Wish.client_id == client_id, Wish.product_id == product_id))


def move_to_bag(client_id: int, owner: Owner, product_id: int) -> None:
    """The size the list shows goes into the bag and the wish is done. Raises NotFound, Refused where none is left."""
    card = next((card for card in wishes_of(client_id) if card.id == product_id), None)
    if card is None:
        raise NotFound("It is not on your list any more.")
    if not card.sku:
        raise Refused(f"{card.name} cannot be bought just now. It stays on your list.")
    add_variant(owner, card.sku)
    drop(client_id, product_id)


def wishes_of(client_id: int | None) -> list[Card]:
    """The newest first; what is not sold any more is not shown. One statement."""
    if client_id is None:
        return []
    return read_cards(db.session.execute(_wished().where(Wish.client_id == client_id)).all(), currency=_currency())


def wished_among(client_id: int | None, product_ids: Iterable[int]) -> set[int]:
    """Which of these products are on the list; one statement."""
    ids = list(product_ids)
    if client_id is None or not ids:
        return set()
    return set(db.session.scalars(select(Wish.product_id).where(Wish.client_id == client_id, Wish.product_id.in_(ids))))


def forget_wishes(*, client_id: int | None, **_facts: object) -> None:
    """Hears "client_erased"."""
    if client_id is not None:
        for model in (Wish, BagReminder):
            changed(delete(model).where(model.client_id == client_id))


def _wished() -> Select[Any]:
    products = select(*CARD_ROW).where(Product.state == "live", Product.gated.is_(False)).subquery()
    return with_cards(products).join(Wish, Wish.product_id == products.c.id).order_by(Wish.id.desc()).limit(MOST)


def _currency() -> str:
    return str(current_app.config["SHOP"].currency)
