"""A series becomes a larger one through the ordinary checkout: an order with one line of kind "upgrade", paid like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from shop.bag.pricing import Sold
from shop.catalog.models import Package
from shop.checkout.pay_links import promise_link
from shop.checkout.preparing import Buyer, PayPage, prepare
from shop.checkout.promising import kept_series
from shop.checkout.quoting import Quote
from shop.core.attention import raise_entry
from shop.core.db import db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.settings import charges_vat, setting
from shop.core.units import Exchange
from shop.orders.models import Order, OrderLine
from shop.payments.attempts import Intent
from shop.terms.contracts import Item
from shop.terms.pricing import Wanted, price
from shop.wallet.exchanging import Target, exchange, quote_upgrade
from shop.wallet.models import Credit

KEY = "upgrade:0"
_WHAT = ("package_id", "treatment_id", "name", "statement_name", "sessions", "area", "gaps", "validity_days")
FACTS = (*_WHAT, "price_minor", "vat_percent")


@dataclass(frozen=True)
class Offer:
    """A larger package of the same treatment, and what it costs on top."""

    slug: str
    name: str
    sessions: int
    pay_minor: int
    left_after: int
    target: Target
    exchange: Exchange
    single_minor: int | None


def offers(credit: Credit) -> list[Offer]:
    """The smallest first; empty where nothing larger is sold, or the sessions cannot be changed now."""
    if credit.kind != "sessions" or credit.frozen_on is not None or credit.treatment_id is None:
        return []
    larger = select(Package).where(
        Package.treatment_id == credit.treatment_id,
        Package.area == credit.area,
        Package.kind == "series",
        Package.state == "live",
        Package.sessions > credit.granted,
    )
    found = (_offer(credit, package) for package in db.session.scalars(larger.order_by(Package.sessions)))
    return [offer for offer in found if offer is not None]


def get_offer(credit: Credit, slug: str) -> Offer:
    """Raises NotFound for a package that is not offered on top of these sessions."""
    package = one_or_404(select(Package).where(Package.slug == slug), "This package is not offered any more.")
    offer = next((one for one in offers(credit) if one.target.package_id == package.id), None)
    if offer is None:
        raise Refused("These sessions cannot become this package.")
    return offer


def prepare_upgrade(
    credit: Credit, offer: Offer, buyer: Buyer, *, mark: str, kind: str = "upgrade", reason: str = ""
) -> tuple[Order, Intent | None]:
    """Write the order and the intent to pay; the caller commits, then opens the payment page, which stays open for hours:
    who does not pay at once gets its link by e-mail.

    `kind` is "swap" for another treatment that costs more (see `swapping`).
    """
    priced = price([Wanted(key=KEY, kind="upgrade", what=offer.name, list_minor=offer.pay_minor, vat_percent=_rate(offer))])
    details = {"credit": credit.code, "target": _kept(offer.target), "single_minor": offer.single_minor}
    details |= {"exchange": kind, "reason": reason}
    words = f"{offer.target.statement_name}, {'upgrade' if kind == 'upgrade' else 'change'}"
    sold = Sold(
        KEY, "upgrade", f"{offer.name}, instead of {credit.name}", words, details, package_id=offer.target.package_id
    )
    page = PayPage(minutes=60 * setting("checkout.link_hours"), leads_to_order=True)
    order, intent = prepare(Quote(priced, {KEY: sold}, False, True), buyer, bag_id=None, mark=mark, page=page)
    item = Item(key=KEY, kind="sessions", what=offer.name, units=offer.exchange.units, single_minor=offer.single_minor)
    order.promise = order.promise | {"lines": []} | kept_series(item, statement=words, country=buyer.country)
    promise_link(order)
    return order, intent


def upgrade_line(line: OrderLine, order: Order, *, by: str) -> None:
    """Heard when its order is placed: paid is paid, so what has changed meanwhile is a person's to put right."""
    credit = db.session.scalars(select(Credit).where(Credit.code == line.details["credit"])).first()
    try:
        if credit is None:
            raise Refused("The sessions to be upgraded are not here.")
        charge = f"order-line:{line.id}"
        facts: dict[str, Any] = {"charge": charge, "order_number": order.number, "cause": f"{charge}:0", "by": by}
        facts |= {"paid_minor": line.gross_minor, "reason": line.details.get("reason", "")}
        exchange(credit.id, line.details.get("exchange", "upgrade"), Target(**line.details["target"]), **facts)
    except (Conflict, Refused) as refused:
        raise_entry(
            "payment",
            subject=f"order:{order.number}",
            reason=f"An upgrade was paid and could not be made: {refused.sentence}",
            what_to_do="Call the client: refund the order, or change the sessions by hand.",
            key=f"upgrade:{order.number}",
            urgent=True,
        )


def target_of(package: Package) -> Target:
    """A package as it is sold today."""
    return Target(
        package_id=package.id,
        treatment_id=package.treatment_id,
        name=package.name,
        statement_name=package.statement_name,
        sessions=package.sessions,
        price_minor=package.price_minor,
        vat_percent=package.vat_percent if charges_vat() else "0",
        validity_days=package.validity_days,
        area=package.area,
        gaps=list(package.gaps),
    )


def _offer(credit: Credit, package: Package) -> Offer | None:
    target = target_of(package)
    try:
        found = quote_upgrade(credit, target)
    except Refused:
        return None
    left = len(found.units)
    return Offer(package.slug, package.name, package.sessions, found.pay_minor, left, target, found, package.single_minor)


def _rate(offer: Offer) -> str:
    return offer.target.vat_percent


def _kept(target: Target) -> dict[str, Any]:
    return {name: getattr(target, name) for name in FACTS}
