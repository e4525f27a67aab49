"""Another article takes the place of one that is not there, at the price that was paid: never without the client's yes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.inventory import holding
from shop.inventory.choosing import shelf_for
from shop.inventory.models import Stock
from shop.orders.instead_models import SubstituteOffer
from shop.orders.models import Order, OrderLine
from shop.orders.owing import sold_in
from shop.orders.splitting import units_here

AXIS = "instead"
ANSWERED = "This question is answered already."


@dataclass(frozen=True)
class Offered:
    """One offer in words, as the client and the desk read it."""

    id: int
    state: str
    units: int
    missing: str
    instead: str


def shelf_of_other(line: OrderLine, variant: Variant) -> tuple[Stock, Product]:
    """Where enough of it lies. Raises Refused for the same article, a gated one, or too few."""
    if variant.id == line.variant_id:
        raise Refused("That is the same article. Choose another one.", field="sku")
    product = db.session.get_one(Product, variant.product_id)
    units = units_here(line)
    order = db.session.get_one(Order, line.order_id)
    stock = shelf_for(variant.id, units, country=sold_in(order))
    if stock is None or product.gated:
        raise Refused(f"There are not {units} of {variant.sku} that may be sold.", field="sku")
    return stock, product


def put_instead(line: OrderLine, variant: Variant, stock: Stock, product: Product, *, cause: str, by: str) -> None:
    """The line, which holds no stock any more, is of the other article from now on. The order is locked by the caller."""
    holding.allocate_unheld([(stock.id, units_here(line))], cause=f"instead:{cause}", by=by)
    holding.refresh_in_stock([variant.id])
    about = {"sku": variant.sku, "size": variant.size, "detail": variant.size, "link": f"/products/{product.slug}"}
    line.details = {**line.details, **about, "instead_of": line.name}
    line.variant_id, line.stock_id, line.name, line.statement_name = variant.id, stock.id, product.name, product.name
    line.expected_on = None
    db.session.flush()


def ask(line: OrderLine, variant: Variant, *, cause: str, by: str) -> str:
    """Offer the other article; says its name. Nothing is promised: the line waits until the client answers."""
    _, product = shelf_of_other(line, variant)
    facts = {"order_id": line.order_id, "line_id": line.id, "variant_id": variant.id, "cause": cause, "by": by}
    db.session.add(SubstituteOffer(state="waiting", asked_at=clock.now(), **facts))
    db.session.flush()
    return product.name


def offers_of(order_id: int) -> list[Offered]:
    """The latest first; one statement."""
    rows = (
        select(SubstituteOffer, OrderLine, Product.name)
        .join(OrderLine, OrderLine.id == SubstituteOffer.line_id)
        .join(Variant, Variant.id == SubstituteOffer.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(SubstituteOffer.order_id == order_id)
        .order_by(SubstituteOffer.id.desc())
    )
    return [
        Offered(offer.id, _standing(offer, line), line.quantity, line.details.get("instead_of") or line.name, name)
        for offer, line, name in db.session.execute(rows)
    ]


def answer(order: Order, offer_id: int, *, yes: bool, by: str) -> str:
    """What the client says, and what it came to: "yes", "no", or "gone" when the other article is not there any more.

    Locks the order. Raises Conflict when it was answered, or the goods have come meanwhile.
    """
    changed(update(Order).where(Order.id == order.id).values(state=Order.state))
    mine = select(SubstituteOffer).where(SubstituteOffer.id == offer_id, SubstituteOffer.order_id == order.id)
    offer = one_or_404(mine.execution_options(populate_existing=True), "There is no such question.")
    line = db.session.get_one(OrderLine, offer.line_id, populate_existing=True)
    if _standing(offer, line) != "waiting":
        raise Conflict(ANSWERED)
    state = "no"
    if yes:
        state = "yes" if _taken(line, offer) else "gone"
    offer.state, offer.answered_at = state, clock.now()
    record(f"order:{order.number}", axis=AXIS, was="waiting", now=state, by=by, note=f"{units_here(line)} × {line.name}")
    if state != "yes":
        _tell_staff(order, line, offer)
    return state


def _taken(line: OrderLine, offer: SubstituteOffer) -> bool:
    variant = db.session.get_one(Variant, offer.variant_id)
    try:
        stock, product = shelf_of_other(line, variant)
    except Refused:
        return False
    put_instead(line, variant, stock, product, cause=offer.cause, by=offer.by)
    return True


def _standing(offer: SubstituteOffer, line: OrderLine) -> str:
    """A question about goods that have come, or were called off, waits for nobody."""
    is_over = offer.state == "waiting" and (line.stock_id is not None or not units_here(line))
    return "gone" if is_over else offer.state


def _tell_staff(order: Order, line: OrderLine, offer: SubstituteOffer) -> None:
    said = "wants nothing else" if offer.state == "no" else "said yes, but the other article is gone"
    raise_entry(
        "stock",
        subject=f"order:{order.number}",
        reason=f"{line.name} is missing, and the client {said}.",
        what_to_do="Agree on a day with the client, offer something else, or pay it back.",
        key=f"instead:{offer.id}",
    )
