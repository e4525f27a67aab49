"""PREPARE: under lock the order, its stock and the intent to pay are written down together, before anybody is charged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import select

from shop.bag import cards, code_uses
from shop.catalog.models import Package, Treatment
from shop.checkout.promising import promised
from shop.checkout.quoting import Quote, refuse_unchargeable
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.money import money
from shop.core.settings import setting
from shop.intake import signing
from shop.orders import placing
from shop.orders.access import link_token
from shop.orders.models import Order
from shop.payments import attempts
from shop.payments.asking import AttemptParams, DeliveryParams, LineParams, RecipientParams, return_urls
from shop.payments.attempts import Intent
from shop.terms.jurisdictions import jurisdiction_of


@dataclass(frozen=True)
class Buyer:
    """Who buys, where it goes, what was agreed to and when."""

    email: str
    name: str
    phone: str
    delivery: str
    address: dict[str, Any]
    country: str
    for_someone: dict[str, Any] | None
    consents: list[dict[str, Any]]
    client_id: int | None = None
    screenings: tuple[int, ...] = ()


@dataclass(frozen=True)
class PayPage:
    """How long the payment page stays open (the usual time when None), and whether "back" on it leads to the order."""

    minutes: int | None = None
    leads_to_order: bool = False


USUAL = PayPage()


def prepare(
    quoted: Quote, buyer: Buyer, *, bag_id: int | None, mark: str, page: PayPage | None = USUAL
) -> tuple[Order, Intent | None]:
    """Write everything; the caller commits. No intent means that there is nothing to pay, or (no `page`) not by card here.

    Raises SoldOut, Refused, or IntegrityError when this bag has an open order already (see `resuming`).
    """
    if page is not None:
        refuse_unchargeable(quoted.due_minor, current_app.config["SHOP"].currency)
    jurisdiction = jurisdiction_of(buyer.country)
    if jurisdiction == "quebec":
        raise Refused("We cannot sell prepaid sessions to Quebec.", field="country")
    _refuse_unsigned(quoted)
    order = placing.prepare(_facts(quoted, buyer, bag_id, jurisdiction, mark), quoted.priced, quoted.sold)
    if quoted.codes:
        code_uses.claim(quoted.codes, order_number=order.number, email=buyer.email, client_id=buyer.client_id)
    for card_id, minor in sorted(quoted.cards):
        cards.spend(card_id, minor, order_number=order.number)
    if order.due_minor == 0 or page is None:
        return order, None
    back = f"/orders/{order.number}?key={link_token(order.number)}" if page.leads_to_order else "/checkout"
    lines = _rest_line(order) if order.card_minor else _stripe_lines(quoted)
    asked = partial(_params, order, lines, back)
    return order, attempts.intend(asked, amount_minor=order.due_minor, minutes=page.minutes)


def _refuse_unsigned(quoted: Quote) -> None:
    """However the sessions came here: by a bag, a plan, the desk or an exchange. Raises Refused."""
    ids = {sold.package_id for sold in quoted.sold.values() if sold.package_id is not None}
    if not ids or not setting("rules.bind"):
        return
    slugs = select(Treatment.slug).join(Package, Package.treatment_id == Treatment.id).where(Package.id.in_(ids))
    if signing.unsigned(db.session.scalars(slugs)):
        raise Refused(signing.NOT_YET)


def _stripe_lines(quoted: Quote) -> tuple[LineParams, ...]:
    """Stripe has no line of 33.34 + 33.33: a line is sent once, quantity 1, with its count in the name."""
    lines = []
    for line in quoted.priced.leaves:
        name = quoted.sold[line.key].statement_name
        shown = name if line.quantity == 1 else f"{line.quantity} × {name}"
        if line.gross_minor:
            lines.append(LineParams(name=shown, amount_minor=line.gross_minor))
    return tuple(lines)


def _rest_line(order: Order) -> tuple[LineParams, ...]:
    """Stripe has no line below zero: what gift cards leave is one line, delivery included."""
    paid = money(order.card_minor, order.currency)
    return (LineParams(f"Order {order.number}, less {paid} by gift card", order.due_minor),)


def _params(order: Order, lines: tuple[LineParams, ...], back: str, expires_at: datetime) -> AttemptParams:
    ships, costs = order.delivery == "ship", bool(lines)  # where only the delivery costs something, it is the one line
    return AttemptParams(
        attempt_id=f"{order.number}-1",
        order_number=order.number,
        currency=order.currency,
        lines=lines or (LineParams("Delivery", order.delivery_minor),),
        expires_at=expires_at,
        delivery=DeliveryParams("Delivery", 0 if order.card_minor else order.delivery_minor) if ships and costs else None,
        recipient=_recipient(order) if ships else None,
        email=order.email or None,
        **return_urls(current_app.config["SHOP"].site_url, cancel_path=back),
    )


def _recipient(order: Order) -> RecipientParams:
    at = order.address
    return RecipientParams(
        name=at["name"],
        line1=at["line1"],
        line2=at["line2"],
        city=at["city"],
        postcode=at["postcode"],
        country=order.country,
        phone=order.phone,
    )


def _facts(quoted: Quote, buyer: Buyer, bag_id: int | None, jurisdiction: str, mark: str) -> dict[str, Any]:
    priced = quoted.priced
    return {
        "client_id": buyer.client_id,
        "bag_id": bag_id,
        "fulfilment": "none",
        "email": buyer.email,
        "name": buyer.name,
        "phone": buyer.phone,
        "delivery": buyer.delivery if quoted.has_goods else "none",
        "address": buyer.address,
        "for_someone": buyer.for_someone,
        "country": buyer.country,
        "jurisdiction": jurisdiction,
        "currency": current_app.config["SHOP"].currency,
        "goods_minor": priced.goods_minor,
        "sessions_minor": priced.sessions_minor,
        "delivery_minor": priced.delivery_minor,
        "discount_minor": priced.discount_minor,
        "codes": [list(taken) for taken in priced.discounts],
        "total_minor": priced.total_minor,
        "card_minor": quoted.card_minor,
        "vat_minor": priced.vat_minor,
        "has_sessions": quoted.has_sessions,
        "consents": buyer.consents,
        "promise": _promise(quoted, buyer, jurisdiction, mark),
    }


def _promise(quoted: Quote, buyer: Buyer, jurisdiction: str, mark: str) -> dict[str, Any]:
    """What must be known later: the law and the words of the day, which bag lines were bought, which answers allowed it."""
    lines = sorted({int(key.split(":")[1]) for key in quoted.sold})
    facts = {"fingerprint": mark, "law": jurisdiction, "on": clock.today().isoformat(), "lines": lines}
    told = any(consent["kind"] == "consent-terms" for consent in buyer.consents)
    if quoted.priced.discounts:
        facts["before"] = [quoted.priced.sessions_before_minor, quoted.priced.goods_before_minor]
    facts |= promised(quoted, country=buyer.country, jurisdiction=jurisdiction, has_notice=told)
    return facts | ({"screenings": list(buyer.screenings)} if buyer.screenings else {})
