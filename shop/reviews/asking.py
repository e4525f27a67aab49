"""Some days after goods have arrived their buyer is asked once how they are; nothing in the letter says what they are for."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy import Select, select

from shop.accounts.models import Client
from shop.accounts.wanting import stop_link, wanted
from shop.cases.standing import clients_with_open
from shop.core import clock, outbox
from shop.core.db import db, insert_once
from shop.core.mail import send
from shop.core.settings import setting
from shop.reviews.models import Review, ReviewAsk
from shop.reviews.receiving import Received, received_since

KIND = "reviews.daily"
LATEST_DAYS = 21  # whoever could not be asked by then is left in peace


def promise_today() -> None:
    """The worker's sweep says this each minute; the day's work is promised once."""
    if setting("reviews.on"):
        today = clock.today().isoformat()
        outbox.put(KIND, {"day": today}, key=f"{KIND}:{today}")


def work(*, day: str) -> None:
    """Outbox handler."""
    ask_buyers()


def ask_buyers() -> int:
    """One letter to each buyer whose goods have been there long enough; says how many went out.

    Left out for now are those with an open case, who are asked later if it ends in time.
    """
    if not setting("reviews.on"):
        return 0
    until = clock.now() - timedelta(days=int(setting("reviews.ask_days")))
    there = received_since(until - timedelta(days=LATEST_DAYS), until)
    ids = {one.client_id for one in there if one.client_id is not None}
    if not ids:
        return 0
    may_ask = wanted("reviews", ids) - clients_with_open(ids)
    wrote = select(Review.client_id, Review.product_id).where(Review.client_id.in_(ids))
    reviewed = {(client_id, product_id) for client_id, product_id in db.session.execute(wrote)}
    told = 0
    for client in db.session.scalars(_who_can_sign_in(may_ask)):
        own = [one for one in there if one.client_id == client.id and (client.id, one.product_id) not in reviewed]
        told += bool(own) and _ask(client, own)
    return told


def _ask(client: Client, received: list[Received]) -> bool:
    """Several orders of the same days have one letter together."""
    orders = sorted({one.order_id for one in received})
    new = [id for id in orders if insert_once(ReviewAsk, unique="order_id", order_id=id, asked_at=clock.now())]
    if not new:
        return False
    send(
        "review_asked",
        to=client.email,
        subject=f"How was your order? A question from {setting('clinic.name')}",
        key=f"review:{new[0]}",
        promotes_to=client.id,
        name=client.name,
        link=f"{current_app.config['SHOP'].site_url}/account/reviews",
        stop=stop_link(client.id, "reviews"),
    )
    return True


def _who_can_sign_in(ids: set[int]) -> Select[Client]:
    mine = select(Client).where(Client.id.in_(ids), Client.user_id.is_not(None), Client.erased_at.is_(None))
    return mine.where(Client.email != "").order_by(Client.id)
