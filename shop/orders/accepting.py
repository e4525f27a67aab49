"""A purchase for somebody else: the person accepts by the link in their e-mail, and the sessions become theirs.

Money stays the buyer's: a refund goes to who paid. The person's answers are theirs alone; the buyer never sees them.
"""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from shop.accounts.guests import open_file
from shop.accounts.models import Client
from shop.core.db import db
from shop.core.errors import NotFound, Refused
from shop.core.history import record
from shop.orders.models import Order
from shop.wallet.giving import give
from shop.wallet.models import Credit

GONE = "This link does not open anything here. Please ask whoever bought it for you."


def accept_link(number: str) -> str:
    """The address that the recipient gets by e-mail."""
    return f"{current_app.config['SHOP'].site_url}/orders/{number}/accept?key={_signer().dumps(number)}"


def get_gift(number: str, key: str) -> Order:
    """The order behind an accept link. Raises NotFound for anything that was not signed here."""
    try:
        signed = _signer().loads(key)
    except BadData:
        signed = None
    order = db.session.scalars(select(Order).where(Order.number == number)).first() if signed == number else None
    if order is None or not order.for_someone:
        raise NotFound(GONE)
    return order


def waiting_credits(order: Order) -> list[Credit]:
    """The sessions of the order that still lie with the buyer and can be taken over."""
    mine = select(Credit).where(
        Credit.order_number == order.number,
        Credit.client_id == order.client_id,
        Credit.parent_id.is_(None),
        Credit.free > 0,
    )
    return list(db.session.scalars(mine.order_by(Credit.id)))


def accept(order: Order, *, is_adult: bool) -> Client:
    """Open the person's file and hand every free session over. Accepting twice is accepting once."""
    if not is_adult:
        raise Refused("Treatments are for adults: please confirm that you are 18 or older.", field="adult")
    if order.state != "placed" or not order.for_someone:
        raise Refused("This purchase is not open any more. Please ask whoever bought it for you.")
    person = _person(order)
    by = f"client:{person.id}"
    for credit in waiting_credits(order):
        given = give(credit.id, sessions=credit.free, to_client_id=person.id, cause=f"accept:{credit.code}", by=by)
        for extra in db.session.scalars(select(Credit).where(Credit.parent_id == credit.id, Credit.free > 0)).all():
            cause = f"accept:{extra.code}"
            give(extra.id, sessions=extra.free, to_client_id=person.id, cause=cause, by=by).parent_id = given.id
    return person


def _person(order: Order) -> Client:
    known = (order.for_someone or {}).get("client_id")
    if known:
        return db.session.get_one(Client, known)
    facts = dict(order.for_someone or {})
    person = open_file(name=facts["name"], email=facts["email"])
    order.for_someone = facts | {"client_id": person.id}
    record(f"order:{order.number}", axis="recipient", was="invited", now="accepted", by=f"client:{person.id}")
    return person


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="order-accept")
