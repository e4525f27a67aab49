"""An order, or a part of it, is called off: one unit of work, in which sessions are set aside, goods stay here and money is asked for.

What happens afterwards follows the money: sessions leave when the refund is on its way (`taking_out`), goods that are
under way are paid back when they have come back (`returning`).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from shop.bag import cards
from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.db import changed, db
from shop.core.errors import Conflict, Refused
from shop.core.handlers import fire
from shop.core.history import record
from shop.core.money import money
from shop.core.stops import reached
from shop.inventory import holding
from shop.orders import receipts, taking_out
from shop.orders.crediting import CALLED_OFF
from shop.orders.fulfilling import goods_left
from shop.orders.models import Order, OrderLine, Parcel, Withdrawal
from shop.orders.placing import refresh_shelves
from shop.orders.prospects import Prospect, preview
from shop.orders.sending_back import send_back
from shop.payments.ledger import has_open_dispute
from shop.wallet import moving, reserving
from shop.wallet.granting import draw_code

NOTHING = "Nothing of this order is left to be called off."
REASON = CALLED_OFF


def withdraw(
    order: Order,
    *,
    what: Collection[str] | None = None,
    by: str,
    cause: str,
    seen_minor: int | None = None,
    goodwill_minor: int = 0,
    reason: str = "",
) -> Withdrawal:
    """Call off what is named (keys of `preview`), all when None. The same cause twice is one withdrawal.

    Locks the order, then its credits, then its shelves. Raises Refused when nothing is left or goodwill is above what
    was paid, Conflict when the sum is not the one that was seen.
    """
    changed(update(Order).where(Order.id == order.id).values(state=Order.state))
    db.session.refresh(order)
    known = db.session.scalars(select(Withdrawal).where(Withdrawal.cause == cause)).first()
    if known is not None:
        return known
    if order.state not in ("placed", "cancelled"):
        raise Refused("This order was not paid, so there is nothing to call off.")
    reserving.lock_order(order.number)
    found = preview(order, what=what, goodwill_minor=goodwill_minor)
    _refuse(found, seen_minor)
    withdrawal = _write(order, found, cause=cause, by=by, reason=reason)
    _set_sessions_aside(found, withdrawal, by=by)
    _keep_goods(found, withdrawal, by=by)
    _take_cards_back(found, withdrawal, by=by)
    if any(entry.line.kind == "consultation" for entry in found.entries):
        fire("fee.withdrawn", order_number=order.number, by=by)
    _close(order, found, withdrawal, by=by)
    pay(withdrawal, by=by)
    receipts.promise(order, withdrawal)
    reached("in-withdrawal")
    return withdrawal


def pay(withdrawal: Withdrawal, *, by: str) -> None:
    """Ask for its money, once. While a bank examines the payment nothing goes back twice: a person decides then.

    Called again when the bank has decided.
    """
    order = db.session.get_one(Order, withdrawal.order_id)
    paid_by = {order.number, *(part["order"] for part in withdrawal.parts if part["order"])}
    if any(has_open_dispute(number) for number in paid_by):
        _ask_a_person(order, withdrawal)
        return
    send_back(withdrawal.parts, cause=cause_of(withdrawal), reason=withdrawal.reason or REASON, by=by)
    taking_out.follow_withdrawal(withdrawal)


def cause_of(withdrawal: Withdrawal) -> str:
    """What its refunds and its moves of sessions are caused by."""
    return f"withdrawal:{withdrawal.code}"


def _refuse(found: Prospect, seen_minor: int | None) -> None:
    if not found.entries and not found.goodwill_minor:
        raise Refused(NOTHING)
    if seen_minor is not None and seen_minor != found.total_minor:
        now = money(found.total_minor, found.content.facts.currency)
        raise Conflict(f"The amount has changed since you saw it: it is {now} now. Please look at it once more.")


def _write(order: Order, found: Prospect, *, cause: str, by: str, reason: str) -> Withdrawal:
    withdrawal = Withdrawal(
        order_id=order.id,
        code=draw_code(),
        cause=cause,
        chosen=sorted(found.chosen),
        said=[_said(line) for line in found.lines],
        parts=list(found.now),
        waiting=list(found.waiting),
        refund_minor=found.refund_minor,
        waiting_minor=found.waiting_minor,
        goodwill_minor=found.goodwill_minor,
        vat_minor=found.vat_minor,
        currency=order.currency,
        rule=found.outcome.rule,
        version=found.outcome.version,
        reason=reason.strip(),
        by=by,
        made_at=clock.now(),
    )
    db.session.add(withdrawal)
    db.session.flush()
    return withdrawal


def _said(line: object) -> dict[str, object]:
    names = ("key", "what", "statement", "minor", "why", "waits")
    return {name: getattr(line, name) for name in names}


def _set_sessions_aside(found: Prospect, withdrawal: Withdrawal, *, by: str) -> None:
    """Booked visits are let go first, so that their sessions go back too; whoever keeps a calendar hears of it."""
    credits = [entry.credit for entry in found.entries if entry.credit is not None]
    ids = [credit.id for credit in credits]
    if not ids:
        return
    cause = cause_of(withdrawal)
    fire("order.withdrawn", order_number=found.content.order.number, credit_ids=ids, cause=cause, by=by)
    for credit_id in ids:
        booked = moving.balance_of(credit_id).booked
        for number in range(booked):
            moving.release(credit_id, cause=f"release:{cause}:{credit_id}:{number}", by=by, reason="called off")
    reserving.set_aside(ids, cause=cause, by=by)


def _keep_goods(found: Prospect, withdrawal: Withdrawal, *, by: str) -> None:
    """What has not left goes back on the shelf, and out of a parcel that was ready."""
    lines = {entry.line.id for entry in found.entries if entry.item.kind == "goods" and entry.is_here}
    goods = [(line, stock, units) for line, stock, units in goods_left(found.content.order).lines if line in lines]
    if not goods:
        return
    ready = update(Parcel).where(Parcel.order_id == found.content.order.id, Parcel.state == "ready")
    changed(ready.values(state="undone"))
    for line_id, _, units in goods:
        off = update(OrderLine).where(OrderLine.id == line_id)
        changed(off.values(called_off=OrderLine.called_off + units))
    promises = [(stock_id, units) for _, stock_id, units in goods if stock_id is not None]
    holding.deallocate(promises, cause=cause_of(withdrawal), by=by, reason=withdrawal.reason or REASON)
    refresh_shelves(promises)


def _take_cards_back(found: Prospect, withdrawal: Withdrawal, *, by: str) -> None:
    """Gift cards of which nothing was spent hold nothing any more. Raises Conflict when one was spent meanwhile."""
    chosen = [int(entry.key.partition(":")[2]) for entry in found.entries if entry.key.startswith("card:")]
    for card_id in sorted(chosen):
        cards.void(cards.get_card(card_id), cause=cause_of(withdrawal), by=by)


def _close(order: Order, found: Prospect, withdrawal: Withdrawal, *, by: str) -> None:
    details = {"withdrawal": withdrawal.code, "minor": withdrawal.refund_minor, "waiting": withdrawal.waiting_minor}
    subject, was = f"order:{order.number}", order.state
    record(subject, axis="withdrawal", was=None, now="called off", by=by, note=withdrawal.reason or None, details=details)
    sends = not goods_left(order).lines
    states: dict[str, str] = {}
    if order.fulfilment in ("open", "part") and sends:
        states["fulfilment"] = "cancelled"
    if found.is_whole and was == "placed":
        states["state"] = "cancelled"
        record(subject, axis="state", was=was, now="cancelled", by=by)
    if states:
        changed(update(Order).where(Order.id == order.id).values(**states))
        db.session.refresh(order)


def _ask_a_person(order: Order, withdrawal: Withdrawal) -> None:
    amount = money(withdrawal.refund_minor, withdrawal.currency)
    raise_entry(
        "withdrawal",
        subject=f"order:{order.number}",
        reason=f"The client called off and is due {amount}, but a bank is examining the payment: nothing was sent.",
        what_to_do="Wait for the bank. If it decides for the clinic, send the money from the order; else it is paid already.",
        key=f"{cause_of(withdrawal)}:dispute",
        urgent=True,
    )
