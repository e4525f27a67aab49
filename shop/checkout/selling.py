"""A sale at the desk: a bag that a member of staff fills for somebody, screened like any other, paid by hand or by a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from shop.accounts.models import Client
from shop.bag.finding import Owner
from shop.bag.gating import Gate, gate, why_waiting
from shop.bag.models import Bag, BagLine
from shop.bag.reading import BagView, read_bag
from shop.checkout.at_desk import Taken, settle_at_desk
from shop.checkout.preparing import Buyer, PayPage, prepare
from shop.checkout.quoting import Quote
from shop.core import clock
from shop.core.db import db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.settings import setting
from shop.intake.subjects import Subject
from shop.orders import placing
from shop.orders.fulfilling import mark_collected
from shop.orders.models import Order
from shop.payments.attempts import Intent

WHO = "Sessions belong to a person. Find the client first, or make a new one."
OPEN_TWICE = "This sale waits for its payment page already."
MOST_PARKED = 20


@dataclass(frozen=True)
class Parked:
    """A sale that was begun and not paid."""

    id: int
    who: str
    count: int
    by: str
    at: datetime


def begin(*, by: str, client_id: int | None = None) -> Bag:
    sale = Bag(sold_by=by, client_id=client_id, made_at=clock.now(), codes=[])
    db.session.add(sale)
    db.session.flush()
    return sale


def get_sale(sale_id: int) -> Bag:
    """Raises NotFound for a bag that is no sale of the desk."""
    return one_or_404(select(Bag).where(Bag.id == sale_id, Bag.sold_by.is_not(None)), "This sale is not here any more.")


def owner_of(sale: Bag) -> Owner:
    """The sale's bag, in which what is unlocked for its client is open."""
    return Owner(bag_id=sale.id, client_id=sale.client_id)


def parked() -> list[Parked]:
    """Sales with something in them, the newest first; one statement."""
    pieces = func.sum(BagLine.quantity)
    rows = (
        select(Bag.id, Client.name, pieces, Bag.sold_by, Bag.made_at)
        .join(BagLine, BagLine.bag_id == Bag.id)
        .outerjoin(Client, Client.id == Bag.client_id)
        .where(Bag.sold_by.is_not(None))
        .group_by(Bag.id, Client.name, Bag.sold_by, Bag.made_at)
        .order_by(Bag.id.desc())
        .limit(MOST_PARKED)
    )
    return [Parked(id, who or "", int(count), by or "", at) for id, who, count, by, at in db.session.execute(rows)]


def drop(sale: Bag) -> None:
    """Nothing of it was bought. Raises Conflict while a payment page is open for it."""
    if open_order(sale) is not None:
        raise Conflict(OPEN_TWICE)
    db.session.execute(delete(BagLine).where(BagLine.bag_id == sale.id))
    db.session.execute(delete(Bag).where(Bag.id == sale.id))


def open_order(sale: Bag) -> Order | None:
    return db.session.scalars(select(Order).where(Order.bag_id == sale.id, Order.state == "open")).first()


def gated(sale: Bag) -> tuple[Gate, dict[int, str]]:
    """What can be paid for now, and a sentence for each line that waits; the rules of the shop bind here as well."""
    bag = read_bag(owner_of(sale))
    found = gate(bag, Subject(client_id=sale.client_id))
    waiting = {line_id: why_waiting(standing) for line_id, standing in found.waiting.items()}
    return found, waiting


def refuse_unready(sale: Bag, found: Gate) -> BagView:
    """The part of the sale that can be paid. Raises Refused with what is missing."""
    if not found.payable.items:
        raise Refused("There is nothing in this sale that can be paid for now.")
    if found.payable.problems:
        raise Refused(found.payable.problems[0])
    if found.payable.has_sessions and sale.client_id is None:
        raise Refused(WHO, field="client")
    if found.unanswered:
        raise Refused(
            "The questions before this treatment are not answered yet. The client answers them on their own telephone "
            "or in their account; products can be paid for without."
        )
    return found.payable


def sell(
    quoted: Quote, sale: Bag, buyer: Buyer, *, taken: Taken, notes: dict[str, str], hands_over: bool, by: str
) -> Order:
    """Place the order, write the money down, hand the goods over where they are taken along; the caller commits."""
    if open_order(sale) is not None:
        raise Conflict(OPEN_TWICE)
    order, _ = prepare(quoted, buyer, bag_id=sale.id, mark=f"desk:{sale.id}", page=None)
    settle_at_desk(order, taken, by=by, notes=notes)
    db.session.refresh(order)
    if hands_over and quoted.has_goods:
        mark_collected(order, cause=f"sold:{order.number}", by=by)
    placing.empty_bag_of(order.number)
    return order


def ask_to_pay(quoted: Quote, sale: Bag, buyer: Buyer) -> tuple[Order, Intent | None]:
    """The order waits for its payment page, which the client opens by a link or from the screen; the caller commits."""
    if open_order(sale) is not None:
        raise Conflict(OPEN_TWICE)
    page = PayPage(minutes=60 * setting("checkout.link_hours"), leads_to_order=True)
    return prepare(quoted, buyer, bag_id=sale.id, mark=f"desk:{sale.id}", page=page)
