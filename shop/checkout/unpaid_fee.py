"""A time that is kept for a fee is let go when the fee does not come, or goes back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from shop.core import clock, outbox
from shop.core.db import db
from shop.core.templating import moment
from shop.orders.models import Order, OrderLine
from shop.payments import attempts
from shop.payments.models import PaymentAttempt
from shop.visits.cancelling import cancel
from shop.visits.fees import FEE_DUE
from shop.visits.finding import find_visit, locked, locked_newest
from shop.visits.models import Visit

A_MOMENT = timedelta(minutes=10)  # until a page that was paid in its last minute has been read


def let_go(*, number: str) -> None:
    """Outbox handler: nothing was paid until the hour that was said at booking. Locks the visit; twice is once.

    While a payment page for it is open the time is kept: whoever is typing a card number does not lose it.
    """
    first = find_visit(number)
    visit = locked_newest(first) if first is not None else None
    if visit is None or not _is_waiting(visit):
        return
    until = _page_open_until(visit)
    if until is not None:
        again = until + A_MOMENT
        outbox.put(FEE_DUE, {"number": number}, key=f"{FEE_DUE}:{number}:{again.isoformat()}", due_at=again)
        return
    assert visit.fee_due_at is not None
    said = f"Its fee had not reached us by {moment(visit.fee_due_at)}, so we have let the time go. You owe nothing."
    cancel(visit, by="system", waived=True, words=said)


def hear_fee_back(*, order_number: str, by: str) -> None:
    """Heard when the order of a fee is called off or paid back: the appointment that it kept is off too.

    Whoever is here already stays: then the fee is open again. Locks the visit, after the order.
    """
    paid = select(Visit).where(Visit.fee_order == order_number, Visit.state.in_(("booked", "arrived")))
    for found in db.session.scalars(paid.order_by(Visit.id)).all():
        visit = locked(found)
        if visit.state == "booked":
            cancel(visit, by=by, waived=True, words="It goes with the fee, which is on its way back to you.")
        elif visit.state == "arrived":
            visit.fee_order = None


def _is_waiting(visit: Visit) -> bool:
    is_due = visit.fee_due_at is not None and visit.fee_due_at <= clock.now()
    return is_due and visit.state == "booked" and visit.fee_order is None and visit.starts_at > clock.now()


def _page_open_until(visit: Visit) -> datetime | None:
    """When the last open payment page for this appointment ends."""
    mine = select(Order.number, OrderLine.details).join(OrderLine, OrderLine.order_id == Order.id)
    waiting = db.session.execute(mine.where(Order.state == "open", OrderLine.kind == "consultation")).all()
    uids = {number: found.uid for number in {row.details["visit"] for row in waiting} if (found := find_visit(number))}
    numbers = [row.number for row in waiting if uids.get(row.details["visit"]) == visit.uid]
    live = select(PaymentAttempt.expires_at).where(
        PaymentAttempt.order_number.in_(numbers),
        PaymentAttempt.state.in_(attempts.LIVE),
        PaymentAttempt.expires_at > clock.now() - A_MOMENT,
    )
    return db.session.scalar(live.order_by(PaymentAttempt.expires_at.desc()).limit(1))
