"""Orders as they come out of checkout, without a browser: a bag, its prices, PREPARE, money, FINALIZE."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from sqlalchemy import select

from shop.accounts.models import Client
from shop.bag import filling, pricing
from shop.bag.finding import Owner
from shop.bag.reading import read_bag
from shop.catalog.models import Box, Package, Variant
from shop.checkout.finishing import finish
from shop.checkout.preparing import Buyer, prepare
from shop.checkout.quoting import Quote
from shop.core import clock
from shop.core.db import db
from shop.orders import placing
from shop.orders.models import Order
from shop.payments import ledger
from shop.terms.discounts import Code
from shop.terms.pricing import price, with_delivery
from shop.wallet import moving
from shop.wallet.models import Credit

Money = Sequence[tuple[str, int]]
_number = count(1)


def quote_of(*things: Any, codes: Iterable[Code] = (), delivery_minor: int = 0) -> tuple[Quote, int]:
    """A bag with these things, priced with codes: a package, a variant, a box, or (thing, quantity, {add-on: count})."""
    owner = Owner(token=f"buyer {next(_number)}")
    for thing in things:
        _fill(owner, *(thing if isinstance(thing, tuple) else (thing,)))
    bag = read_bag(owner)
    wanted = [line for item in bag.items for line in pricing.wanted_of(item)]
    priced = price(wanted, codes=codes)
    whole = with_delivery(priced, delivery_minor) if delivery_minor else priced
    return Quote(whole, pricing.things(bag.items), bag.has_goods, bag.has_sessions), bag.bag_id or 0


def place_order(
    *things: Any,
    codes: Iterable[Code] = (),
    delivery_minor: int = 0,
    country: str = "GB",
    delivery: str = "ship",
    client: Client | None = None,
    tenders: Money | None = None,
    has_notice: bool = True,
) -> Order:
    """Paid by these tenders, by card in one piece when none is named; committed."""
    quoted, bag_id = quote_of(*things, codes=codes, delivery_minor=delivery_minor)
    buyer = Buyer(
        email=client.email if client else "guest@example.com",
        name=client.name if client else "Ada Guest",
        phone="",
        delivery=delivery,
        address=dict.fromkeys(("name", "line1", "line2", "city", "postcode"), "1") if delivery == "ship" else {},
        country=country,
        for_someone=None,
        consents=[{"kind": "consent-terms", "version": 1, "at": clock.now().isoformat()}] if has_notice else [],
        client_id=client.id if client else None,
    )
    order, _ = prepare(quoted, buyer, bag_id=bag_id, mark="the tests")
    pay(order, tenders if tenders is not None else [("stripe", order.total_minor)])
    placed = (
        placing.place(order.number, amount_minor=order.total_minor, currency=order.currency)
        if order.total_minor
        else placing.place_unpaid(order.number)
    )
    assert placed is not None
    finish(placed)
    db.session.commit()
    return order


def pay(order: Order, tenders: Money) -> None:
    """Write money down that came in; nothing of it is known to a bank."""
    for tender, minor in tenders:
        if not minor:
            continue
        reference = f"{tender}:{order.number}"
        ledger.write_down(
            "captured",
            order_number=order.number,
            amount_minor=minor,
            currency=order.currency,
            reference=f"captured:{reference}",
            tender=tender,
            payment_intent=f"pi_{order.number}" if tender == "stripe" else reference,
        )


def credits_of(order: Order, kind: str = "sessions") -> list[Credit]:
    mine = select(Credit).where(Credit.order_number == order.number, Credit.kind == kind).order_by(Credit.id)
    return list(db.session.scalars(mine))


def use(credit: Credit, sessions: int = 1) -> None:
    """So many sessions take place; committed."""
    for _ in range(sessions):
        n = next(_number)
        moving.book(credit.id, cause=f"visit:{n}", by="client")
        moving.redeem(credit.id, cause=f"visit:{n}:done", by="user:9")
    db.session.commit()


def _fill(owner: Owner, thing: Any, quantity: int = 1, addons: dict[str, int] | None = None) -> None:
    if isinstance(thing, Package):
        filling.add_package(owner, thing.slug, quantity=quantity, addons=addons)
    elif isinstance(thing, Variant):
        filling.add_variant(owner, thing.sku, quantity=quantity)
    else:
        assert isinstance(thing, Box)
        filling.add_box(owner, thing.slug, quantity=quantity)
    db.session.flush()
