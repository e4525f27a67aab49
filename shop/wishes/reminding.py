"""Whoever asked for it is reminded once of what stays in the bag; the letter names nothing that is in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from shop.accounts.models import Client, LetterChoice
from shop.accounts.wanting import stop_link, wanted
from shop.bag.models import Bag, BagLine
from shop.cases.standing import clients_with_open
from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.core.mail import send
from shop.core.settings import setting
from shop.orders.models import Order
from shop.wishes.models import BagReminder

LATEST, REST = timedelta(days=7), timedelta(days=30)
AT_ONCE = 200


@dataclass(frozen=True)
class Left:
    """Somebody's bag, untouched since `at`."""

    client: Client
    at: datetime


def sweep() -> int:
    """Write to everybody whose bag has waited long enough, each once; the caller commits. Says how many went out.

    Left out are those who did not ask for it, have bought since, have an open case, or were reminded within REST.
    """
    if not setting("reminders.bag"):
        return 0
    left = _left()
    ids = [one.client.id for one in left]
    if not ids:
        return 0
    quiet = clients_with_open(ids) | (set(ids) - wanted("reminders", ids)) | _bought_since(left)
    told = {row.client_id: row for row in db.session.scalars(select(BagReminder).where(BagReminder.client_id.in_(ids)))}
    return sum(_tell(one, told.get(one.client.id)) for one in left if one.client.id not in quiet)


def _left() -> list[Left]:
    """Bags of signed-in clients who once said yes, with something in them that everybody may know of."""
    now = clock.now()
    last = func.max(BagLine.made_at)
    plain = func.count(Product.id).filter(Product.state == "live", Product.gated.is_(False))
    rows = (
        select(Client, last)
        .join(Bag, Bag.user_id == Client.user_id)
        .join(BagLine, BagLine.bag_id == Bag.id)
        .join(LetterChoice, (LetterChoice.client_id == Client.id) & (LetterChoice.kind == "reminders"))
        .outerjoin(Variant, Variant.id == BagLine.variant_id)
        .outerjoin(Product, Product.id == Variant.product_id)
        .where(LetterChoice.wants, Client.erased_at.is_(None), Client.email != "", Bag.sold_by.is_(None))
        .group_by(Client.id)
        .having(last <= now - timedelta(hours=int(setting("reminders.bag_hours"))), last > now - LATEST, plain > 0)
        .order_by(Client.id)
        .limit(AT_ONCE)
    )
    return [Left(client, at) for client, at in db.session.execute(rows)]


def _bought_since(left: Iterable[Left]) -> set[int]:
    """Also an order that still waits for its payment counts: its own page speaks of it."""
    since = {one.client.id: one.at for one in left}
    bought = select(Order.client_id, func.max(Order.made_at)).where(Order.client_id.in_(since)).group_by(Order.client_id)
    return {client_id for client_id, at in db.session.execute(bought) if client_id is not None and at >= since[client_id]}


def _tell(one: Left, before: BagReminder | None) -> bool:
    """False where this bag was spoken of, or another one lately."""
    now = clock.now()
    if before is not None and (before.left_at >= one.at or before.told_at > now - REST):
        return False
    row = before or BagReminder(client_id=one.client.id)
    row.left_at, row.told_at = one.at, now
    db.session.add(row)
    site = current_app.config["SHOP"].site_url
    send(
        "bag_left",
        to=one.client.email,
        subject=f"Something is still in your bag at {setting('clinic.name')}",
        key=f"bag_left:{one.client.id}:{one.at.isoformat()}",
        promotes_to=one.client.id,
        name=one.client.name,
        link=f"{site}/bag",
        stop=stop_link(one.client.id, "reminders"),
    )
    return True
