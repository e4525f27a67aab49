"""What a refund of a whole payment would do, said before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from shop.admin.orders.showing import Sheet
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.money import money
from shop.orders import paying_by_hand, prospects, refunding
from shop.orders.models import Order, OrderLine, Withdrawal
from shop.orders.sending_back import send_back
from shop.orders.withdrawing import withdraw
from shop.payments.models import Refund

UNDER_WAY = (
    "Goods have left already. Call the order off: they are paid back as they come back. Or refund without cancelling."
)
CHANGED = "The amount has changed while this page was open. Look at it again, please."


@dataclass(frozen=True)
class Preview:
    """`sentences` say what happens besides the money."""

    amount_minor: int
    can_cancel: bool
    sentences: list[str]


def preview(sheet: Sheet) -> Preview:
    waiting = sum(line.quantity - line.done - line.called_off for line in sheet.lines if line.has_goods)
    gone = sum(line.done for line in sheet.lines if line.has_goods)
    free = sum(credit.free for credit in sheet.credits)
    used = sum(credit.used for credit in sheet.credits)
    booked = sum(credit.held - credit.reserved for credit in sheet.credits)
    said = [
        (waiting, f"{waiting} {_of(waiting, 'piece')} not sent yet: back on the shelf if you cancel the order."),
        (gone, f"{gone} {_of(gone, 'piece')} left already: they stay with the client unless they come back."),
        (
            free,
            f"{free} {_of(free, 'session')} not used: they leave with the money if you cancel the order, else the client keeps them.",
        ),
        (booked, f"{booked} {_of(booked, 'session')} booked: the appointments are off if you cancel the order."),
        (used, f"{used} {_of(used, 'session')} used already: their share goes back too."),
    ]
    can_cancel = sheet.order.state == "placed" and bool(waiting or free or booked)
    return Preview(sheet.refundable_minor, can_cancel, [sentence for count, sentence in said if count])


def refund_whole(order: Order, *, seen_minor: int, cancels: bool, reason: str, cause: str, by: str) -> None:
    """All that is left goes back, if it is still the amount that was shown. The same cause twice is one refund.

    With `cancels` the order is called off as the client would do it, and goodwill fills up what the law does not give.
    Without, it is money alone: what was bought stays the client's. Raises Conflict, Refused.
    """
    if _is_done(order, cause):
        return
    left = refunding.refundable_minor(order.number)
    if left != seen_minor:
        raise Conflict(f"{CHANGED} Now {money(left, order.currency)} can be paid back.")
    if cancels or _keeps_a_time(order):
        _call_off(order, left, reason=reason, cause=cause, by=by)
        return
    lines = refunding.whole_parts(order.id)
    if sum(line["gross_minor"] for line in lines) == left:
        send_back([line | {"order": order.number} for line in lines], cause=cause, reason=reason, by=by)
        return
    # what went back before was for some of these lines: then the rest has no parts of its own
    for charge, rest in refunding.charges_left(order.number):
        if rest:
            facts: dict[str, Any] = {"cause": f"{cause}:{order.number}:{charge.id}", "reason": reason, "by": by}
            refund = refunding.request_refund(order.number, amount_minor=rest, charge_id=charge.id, **facts)
            paying_by_hand.hand_over(refund)


def _is_done(order: Order, cause: str) -> bool:
    refund = select(Refund.id).where(Refund.order_number == order.number, Refund.cause.startswith(f"{cause}:"))
    withdrawal = select(Withdrawal.id).where(Withdrawal.cause == cause)
    return bool(db.session.scalar(refund.limit(1)) or db.session.scalar(withdrawal))


def _keeps_a_time(order: Order) -> bool:
    """A fee that keeps an appointment is never paid back alone: the time goes free with it."""
    fee = select(OrderLine.id).where(OrderLine.order_id == order.id, OrderLine.kind == "consultation")
    return db.session.scalar(fee.limit(1)) is not None


def _call_off(order: Order, left: int, *, reason: str, cause: str, by: str) -> None:
    due = prospects.preview(order)
    if due.waiting_minor:
        raise Refused(UNDER_WAY)
    facts: dict[str, Any] = {"goodwill_minor": left - due.total_minor, "seen_minor": left, "reason": reason}
    withdraw(order, by=by, cause=cause, **facts)


def _of(count: int, word: str) -> str:
    return word if count == 1 else word + "s"
