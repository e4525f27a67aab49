"""An order nobody has paid for yet is changed: its payment page closes, and what was in it lies in a sale of the desk.

Until money moves an order is only a promise: the old one lapses, its goods are free again, and the changed sale makes a
new order at today's prices, with holds of its own. Money that arrives at the same moment wins: then it is placed.
"""

from __future__ import annotations

from sqlalchemy import select

from shop.bag.models import Bag, BagLine
from shop.checkout.resuming import close
from shop.checkout.selling import begin
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.orders.models import Order
from shop.payments import attempts

NOT_WAITING = "This order is not waiting for its payment any more."
DECIDING = "The client's bank is deciding about a payment for this order. It cannot be changed until that is known."
NOTHING = "What was in this order is not in a bag any more. Begin a new sale for the client."
COPIED = ("variant_id", "package_id", "box_id", "gift_minor", "gift", "quantity", "addons", "made_at", "accepts_end")


def reopen(order: Order, *, by: str) -> Bag | None:
    """The sale in which the order is changed; None when it was paid at this very moment. Commits in between.

    Stripe is asked with no transaction open. Raises Conflict when it waits for no payment or a slow bank decides,
    PaymentProblem when Stripe cannot be asked.
    """
    if order.state != "open":
        raise Conflict(NOT_WAITING)
    number, bag_id, is_desk = order.number, order.bag_id, order.promise.get("fingerprint") == f"desk:{order.bag_id}"
    wanted = list(order.promise.get("lines", []))
    if not is_desk and not _lines(bag_id, wanted):
        raise Refused(NOTHING)
    attempt = attempts.newest_of(number)
    session_id = attempt.session_id if attempt else None
    db.session.rollback()
    outcome = close(number, session_id)
    if outcome in ("placed", "again"):
        return None
    if outcome != "lapsed":
        raise Conflict(DECIDING)
    record(f"order:{number}", axis="change", was=None, now="taken apart", by=by)
    lapsed = db.session.scalars(select(Order).where(Order.number == number)).one()
    return db.session.get_one(Bag, bag_id) if is_desk else _copied(lapsed, wanted, by=by)


def order_before(sale: Bag) -> Order | None:
    """The order that this sale takes the place of: who bought, and where it should go."""
    lapsed = select(Order).where(Order.state == "lapsed").order_by(Order.id.desc()).limit(1)
    if sale.from_order is not None:
        return db.session.scalars(lapsed.where(Order.number == sale.from_order)).first()
    return db.session.scalars(lapsed.where(Order.bag_id == sale.id)).first()


def _copied(order: Order, wanted: list[int], *, by: str) -> Bag:
    """A sale of its own: the client's bag stays as they left it."""
    theirs = db.session.get_one(Bag, order.bag_id)
    sale = begin(by=by, client_id=order.client_id)
    sale.from_order, sale.codes, sale.cards = order.number, list(theirs.codes), list(theirs.cards)
    for line in _lines(order.bag_id, wanted):
        db.session.add(BagLine(bag_id=sale.id, **{name: getattr(line, name) for name in COPIED}))
    db.session.flush()
    return sale


def _lines(bag_id: int | None, wanted: list[int]) -> list[BagLine]:
    mine = select(BagLine).where(BagLine.bag_id == bag_id, BagLine.id.in_(wanted)).order_by(BagLine.id)
    return list(db.session.scalars(mine))
