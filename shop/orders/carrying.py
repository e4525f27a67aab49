"""Files for the carrier: addresses and weights out, tracking numbers in. Nothing in them says what is in a parcel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, text

from shop.catalog.models import Variant
from shop.core import clock
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.money import exponent
from shop.core.settings import setting
from shop.orders.fulfilling import mark_shipped
from shop.orders.models import TO_SEND, Order, OrderLine
from shop.payments.ledger import disputed
from shop.terms.addresses import country_name

MOST = 500
DEFAULT_CARRIER = "Royal Mail"
# As Royal Mail's "Order import spreadsheet field specifications" for Click & Drop names them.
COLUMNS = (
    *("Order reference", "Special instructions", "Date", "Weight", "Package size", "Sub-total", "Shipping cost", "Total"),
    *("Currency code", "Service code", "Full name", "Address line 1", "Address line 2", "City", "Postcode", "Country"),
    *("Email", "Phone"),
)
REFERENCE = ("order reference", "channel reference", "reference", "order number", "order")
TRACKING = ("tracking number", "tracking", "tracking no", "barcode", "consignment number")
CARRIER = ("carrier", "courier")


@dataclass(frozen=True)
class Tracked:
    """One row of a carrier's file; `problem` says why it will change nothing."""

    row: int
    number: str
    tracking: str
    carrier: str
    name: str = ""
    problem: str = ""


def to_carry() -> Iterator[tuple[Any, ...]]:
    """A row for each parcel that waits to be sent by post, the oldest first."""
    left = OrderLine.quantity - OrderLine.done - OrderLine.called_off
    grams = func.coalesce(func.sum(left * Variant.weight_grams), 0)
    rows = (
        select(Order, grams)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .where(text(TO_SEND), Order.delivery == "ship", OrderLine.stock_id.is_not(None), left > 0)
    )
    found = db.session.execute(rows.group_by(Order.id).order_by(Order.id).limit(MOST)).all()
    examined = disputed([order.number for order, _ in found])
    for order, weight in found:
        if order.number not in examined:
            yield _row(order, int(weight) + setting("delivery.packing_grams"))


def look(rows: Iterable[tuple[int, str, str, str]]) -> list[Tracked]:
    """(row, reference, tracking, carrier) against the orders as they are. Nothing is changed."""
    given = list(rows)[:MOST]
    numbers = {number for _, number, _, _ in given}
    known = {order.number: order for order in db.session.scalars(select(Order).where(Order.number.in_(numbers)))}
    found, seen = [], set()
    for row, number, tracking, carrier in given:
        order = known.get(number)
        problem = "It stands in the file twice." if number in seen else _problem(order, tracking)
        found.append(Tracked(row, number, tracking, carrier or DEFAULT_CARRIER, order.name if order else "", problem))
        seen.add(number)
    return found


def apply(tracked: Iterable[Tracked], *, by: str) -> tuple[int, list[Tracked]]:
    """Mark as sent what can be: (how many, what could not). One parcel for each number, however often the file comes."""
    done, refused = 0, []
    for one in tracked:
        order = db.session.scalars(select(Order).where(Order.number == one.number)).first()
        problem = one.problem or _problem(order, one.tracking)
        if problem or order is None:
            refused.append(Tracked(one.row, one.number, one.tracking, one.carrier, one.name, problem))
            continue
        try:
            with db.session.begin_nested():
                cause = f"carrier:{one.number}:{one.tracking}"
                mark_shipped(order, carrier=one.carrier, tracking=one.tracking, cause=cause, by=by)
            done += 1
        except ShopError as error:
            refused.append(Tracked(one.row, one.number, one.tracking, one.carrier, one.name, error.sentence))
    return done, refused


def _problem(order: Order | None, tracking: str) -> str:
    if order is None:
        return "No order has this number."
    if not tracking:
        return "It has no tracking number."
    if order.delivery != "ship":
        return "This order is not sent by post."
    if order.state != "placed" or order.fulfilment not in ("open", "part"):
        return "It has left already, or was called off."
    return ""


def _row(order: Order, grams: int) -> tuple[Any, ...]:
    at = order.address or {}
    placed = clock.local(order.placed_at or order.made_at)
    goods, delivery = order.goods_minor, order.delivery_minor
    sums = [str(Decimal(minor).scaleb(-exponent(order.currency))) for minor in (goods, delivery, goods + delivery)]
    weight = f"{grams / 1000:.3f}"
    parcel = (order.number, "", f"{placed:%d/%m/%Y}", weight, "Parcel" if grams > 2000 else "Small parcel", *sums)
    who = (order.currency, setting("delivery.service_code"), at.get("name", order.name))
    place = [at.get(name, "") for name in ("line1", "line2", "city", "postcode")]
    return (*parcel, *who, *place, country_name(order.country), order.email, order.phone)
