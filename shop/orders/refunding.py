"""Money is to go back: its amount is reserved under the order's lock, never above what came in by the same charge."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select, update

from shop.core import clock, outbox
from shop.core.db import changed, db, insert_once
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.core.money import money
from shop.orders.models import Order, OrderLine
from shop.payments import ledger
from shop.payments.models import PaymentEvent, Refund

NOT_COMING_BACK = ("failed", "canceled")
DISPUTED = "The client's bank is examining this payment. Nothing can be paid back until it has decided."


def request_refund(
    order_number: str,
    *,
    amount_minor: int,
    cause: str,
    reason: str,
    by: str,
    parts: list[Any] | None = None,
    charge_id: int | None = None,
) -> Refund:
    """Reserve an amount and promise to send it. `cause` is unique: the same click twice is one refund.

    It goes to the charge that is named, else to the newest one that still holds so much. `parts` name what it is
    for: {"what", "quantity", "gross_minor", "vat_minor", "vat_percent"} that add up to it.
    Raises Refused above what is left of the charge, Conflict while the payment is disputed.
    """
    _lock(order_number)
    known = db.session.scalars(select(Refund).where(Refund.cause == cause)).first()
    if known is not None:
        return known
    if amount_minor <= 0:
        raise Refused("A refund must be more than nothing.", field="amount")
    if parts and sum(part["gross_minor"] for part in parts) != amount_minor:
        raise Refused("The parts of this refund do not add up to its amount.", field="amount")
    if ledger.has_open_dispute(order_number):
        raise Conflict(DISPUTED)
    charge = _charge_for(order_number, amount_minor, charge_id)
    _add(charge, amount_minor, cause=cause, reason=reason, by=by, parts=parts or [])
    record(f"order:{order_number}", axis="refund", was=None, now="requested", by=by, note=reason)
    return db.session.scalars(select(Refund).where(Refund.cause == cause)).one()


def give_back(*, order_number: str, payment_intent: str, amount_minor: int, currency: str, reason: str) -> None:
    """A payment nobody can use goes back in full, once; it was written down in the same transaction."""
    charge = PaymentEvent(
        order_number=order_number, tender="stripe", currency=currency, payment_intent=payment_intent, kind="captured"
    )
    cause = f"{WHOLE}{payment_intent}"
    _add(charge, amount_minor, cause=cause, reason=reason, by="checkout", parts=[])
    record(f"order:{order_number}", axis="refund", was=None, now="requested", by="checkout", note=reason)


def refundable_minor(order_number: str) -> int:
    """What came in, less what went or is going back, or was taken back by a bank."""
    return sum(left for _, left in charges_left(order_number))


def whole_parts(order_id: int) -> list[dict[str, Any]]:
    """Every line that cost something, with its stored amounts, as parts of a refund of the whole order."""
    lines = select(OrderLine).where(OrderLine.order_id == order_id, OrderLine.gross_minor > 0)
    return [part_of(line) for line in db.session.scalars(lines.order_by(OrderLine.position))]


def part_of(line: OrderLine) -> dict[str, Any]:
    """A whole line as a part of a refund, in the words that are fit for a bank's or a letter's eyes; `charge` names it."""
    return {
        "what": line.statement_name if line.kind in ("package", "addon") else line.name,
        "quantity": line.quantity,
        "gross_minor": line.gross_minor,
        "vat_minor": line.vat_minor,
        "vat_percent": line.vat_percent,
        "rates": line.details.get("rates"),
        "charge": f"order-line:{line.id}",
    }


WHOLE = "whole:"


def _lock(order_number: str) -> None:
    if not changed(update(Order).where(Order.number == order_number).values(state=Order.state)):
        raise Refused("There is no such order.")


def _charge_for(order_number: str, amount_minor: int, charge_id: int | None) -> PaymentEvent:
    """The newest charge that still holds so much, or the one that is named: a refund stays within one charge."""
    charges = [(charge, left) for charge, left in charges_left(order_number) if charge_id in (None, charge.id)]
    if not charges:
        raise Refused("Nothing has been paid on this order.")
    fitting = next((charge for charge, left in charges if amount_minor <= left), None)
    if fitting is None:
        most = max(left for _, left in charges)
        raise Refused(
            f"At most {money(most, charges[0][0].currency)} can still be paid back on this order.", field="amount"
        )
    return fitting


def charges_left(order_number: str) -> list[tuple[PaymentEvent, int]]:
    """Each charge, newest first, with what is left of it."""
    mine = select(PaymentEvent).where(PaymentEvent.order_number == order_number, PaymentEvent.kind == "captured")
    charges = list(db.session.scalars(mine.order_by(PaymentEvent.id.desc())))
    going = _sums(
        select(Refund.payment_intent, func.sum(Refund.amount_minor))
        .where(Refund.order_number == order_number, Refund.state.not_in(NOT_COMING_BACK))
        .group_by(Refund.payment_intent)
    )
    sign = case(
        (PaymentEvent.kind.in_(("refunded_outside", "disputed")), 1), (PaymentEvent.kind == "dispute_won", -1), else_=0
    )
    outside = _sums(
        select(PaymentEvent.payment_intent, func.sum(sign * PaymentEvent.amount_minor))
        .where(PaymentEvent.order_number == order_number)
        .group_by(PaymentEvent.payment_intent)
    )
    return [
        (c, max(0, c.amount_minor - going.get(c.payment_intent, 0) - outside.get(c.payment_intent, 0))) for c in charges
    ]


def _sums(statement: Any) -> dict[str | None, int]:
    return {name: int(total or 0) for name, total in db.session.execute(statement)}


def _add(charge: PaymentEvent, amount_minor: int, *, cause: str, reason: str, by: str, parts: list[Any]) -> None:
    now = clock.now()
    values = {
        "order_number": charge.order_number,
        "tender": charge.tender,
        "amount_minor": amount_minor,
        "currency": charge.currency,
        "payment_intent": charge.payment_intent,
        "state": "requested",
        "requested_at": now,
        "changed_at": now,
    }
    if insert_once(Refund, unique="cause", **values, cause=cause, reason=reason, by=by, parts=parts):
        refund_id = db.session.scalar(select(Refund.id).where(Refund.cause == cause))
        outbox.put("refund.send", {"refund_id": refund_id}, key=f"refund.send:{refund_id}")
