"""Gift cards and orders: cards that were bought are made, and what a card paid goes back onto it."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import update

from shop.bag import cards
from shop.bag.models import GiftCard
from shop.core import clock, outbox
from shop.core.db import changed, db
from shop.core.errors import NotFound
from shop.core.handlers import fire
from shop.core.history import record
from shop.core.mail import send
from shop.core.money import money
from shop.core.settings import setting
from shop.orders.models import Order, OrderLine
from shop.payments import ledger
from shop.payments.models import Refund


def make_cards(order: Order, lines: list[OrderLine]) -> None:
    """One card for each that was bought; done twice it is done once. Whoever it is for hears of it, else the buyer."""
    for line in lines:
        gift = line.details.get("gift", {})
        for n in range(line.quantity if line.kind == "gift_card" else 0):
            card = cards.issue(
                line.unit_gross[n],
                currency=order.currency,
                cause=f"order-line:{line.id}:{n}",
                by="checkout",
                order_number=order.number,
                for_name=gift.get("for_name", ""),
                from_name=gift.get("from_name", "") or order.name,
                message=gift.get("message", ""),
            )
            _tell(order, card, gift.get("for_email") or order.email)


def put_on_card(refund: Refund) -> None:
    """Once: the card holds it again, and the books say so."""
    done = update(Refund).where(Refund.id == refund.id, Refund.state.in_(("requested", "submitted")))
    if not changed(done.values(state="succeeded", changed_at=clock.now(), stripe_id=f"card:{refund.id}")):
        return
    card_id = int((refund.payment_intent or "").rpartition(":")[2])
    amount, number, by = refund.amount_minor, refund.order_number, refund.by
    cards.put_back(card_id, amount, cause=f"refund:{refund.id}", order_number=number, by=by)
    ledger.write_down(
        "refunded",
        order_number=number,
        amount_minor=amount,
        currency=refund.currency,
        reference=f"refunded:card:{refund.id}",
        tender="gift_card",
        payment_intent=refund.payment_intent,
        by=by,
    )
    record(f"order:{number}", axis="refund", was="requested", now="succeeded", by=by)
    outbox.put("refund.succeeded", {"refund_id": refund.id}, key=f"refund.succeeded:{refund.id}")
    db.session.refresh(refund)
    fire("refund.followed", refund_id=refund.id)


def card_link(card: GiftCard) -> str:
    """The address at which its holder sees and prints it."""
    return f"{current_app.config['SHOP'].site_url}/gift-cards/{_signer().dumps(card.id)}"


def card_behind(token: str) -> GiftCard:
    """Raises NotFound for anything that was not signed here."""
    try:
        card_id = _signer().loads(token)
    except BadData:
        card_id = None
    if not isinstance(card_id, int):
        raise NotFound("This link does not open a gift card.")
    return cards.get_card(card_id)


def _tell(order: Order, card: GiftCard, to: str) -> None:
    send(
        "gift_card",
        to=to,
        subject=f"A gift card of {setting('clinic.name')}",
        key=f"gift_card:{card.id}",
        name=card.for_name,
        giver=card.from_name,
        amount=money(card.amount_minor, card.currency),
        message=card.message,
        link=card_link(card),
    )


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="gift-card")
