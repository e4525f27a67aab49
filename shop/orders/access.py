"""Who may see an order: its client, the browser that bought it, whoever holds the signed link, and staff at their desk."""

from __future__ import annotations

from flask import current_app, session
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from shop.core.db import db
from shop.core.errors import NotFound
from shop.orders.models import Order

SEEN = "orders"
MOST_REMEMBERED = 12
GONE = "This order is not here. Open the link in your e-mail, or sign in."


def let_in(number: str) -> None:
    """This browser may see the order from now on."""
    numbers = [n for n in session.get(SEEN, []) if n != number]
    session[SEEN] = [*numbers, number][-MOST_REMEMBERED:]


def is_let_in(number: str) -> bool:
    """Whether this browser bought the order, or opened its link."""
    return number in session.get(SEEN, [])


def link_token(number: str) -> str:
    """What the link in the e-mail carries; it opens this order and nothing else."""
    return _signer().dumps(number)


def number_of(token: str) -> str | None:
    """The order a token opens, or None when it was not signed here."""
    try:
        number = _signer().loads(token)
    except BadData:
        return None
    return number if isinstance(number, str) else None


def get_order(number: str, *, client_id: int | None) -> Order:
    """The order for its owner or this browser. Raises NotFound for everybody else, as if it did not exist."""
    order = db.session.scalars(select(Order).where(Order.number == number)).first()
    owns = order is not None and client_id is not None and order.client_id == client_id
    if order is None or not (owns or is_let_in(number)):
        raise NotFound(GONE)
    return order


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="order-link")
