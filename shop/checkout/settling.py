"""settle(): the one way by which money becomes an order; webhook, return page and sweeper all call it, as often as they like.

It reads the payment page afresh from Stripe, outside any transaction, and believes neither an event's body nor a query
string. What it then changes is one unit of work, decided by one compare-and-swap.
"""

from __future__ import annotations

from shop.bag.cards import CardEmpty
from shop.checkout.finishing import finish
from shop.checkout.odd_money import mismatch, odd, set_aside
from shop.core.db import db
from shop.core.stops import reached
from shop.inventory.holding import SoldOut
from shop.orders import placing, refunding
from shop.orders.placing import Placed
from shop.payments import attempts, ledger
from shop.payments.answers import CheckoutSession
from shop.payments.connection import gateway

GIVEN_UP = (*attempts.LIVE, *attempts.GIVEN_UP)
TWICE = "The order was paid already, so this second payment goes back."
REPLACED = "The same bag was bought in a later order, so this payment goes back."
CARD_EMPTY = "Paid after the hold had ended, and the gift card beside it was spent meanwhile."
SOLD_OUT = "Paid after the hold had ended, and it is sold out meanwhile."


def settle(session_id: str) -> str:
    """Bring one payment page to its end as Stripe knows it. Commits. Returns what it came to:

    "placed", "again" (was placed before), "waiting" (not paid yet), "slow" (a bank takes days), "lapsed", "refunded",
    "odd" or "unknown". Raises PaymentProblem when Stripe does not answer; nothing was changed then.
    """
    page = gateway().get_session(session_id)
    reached("after-read")
    if page.livemode != gateway().is_live:
        return _commit(odd(page, "The payment is in another mode (test or live) than this shop."))
    if page.is_paid:
        return _paid(page)
    if page.status == "expired":
        return _given_up(page, "expired")
    if page.has_failed:
        return _given_up(page, "failed")
    return "waiting" if page.is_open else "slow"


def _paid(page: CheckoutSession) -> str:
    """The plain case in two swaps: the attempt brought what it asked for, the order was waiting for exactly that."""
    placed = None
    if attempts.pay(page):
        placed = placing.place(page.reference or "", amount_minor=page.amount_total_minor, currency=page.currency)
    if placed is None:
        db.session.rollback()
        return _paid_otherwise(page)
    return _finish(page, placed)


def _finish(page: CheckoutSession, placed: Placed) -> str:
    if not _captured(page, number=placed.number):
        db.session.rollback()  # this very money was counted before
        return "again"
    reached("in-settle")
    finish(placed)
    reached("before-settled")
    return _commit("placed")


def _captured(page: CheckoutSession, *, number: str) -> bool:
    """The fact that money came in; its reference makes a second one impossible. False when it was written before."""
    return ledger.write_down(
        "captured",
        order_number=number,
        amount_minor=page.amount_total_minor,
        currency=page.currency,
        reference=_reference(page),
        payment_intent=page.payment_intent,
    )


def _reference(page: CheckoutSession) -> str:
    return f"captured:{page.payment_intent or page.id}"


def _paid_otherwise(page: CheckoutSession) -> str:
    """Not the plain case: done before, not ours, mismatched, paid twice, or paid after the order had lapsed."""
    attempt = attempts.by_reference(page.metadata.get("attempt", "")) or attempts.by_session(page.id)
    order = placing.find(page.reference or "")
    # Asked last: whoever settles this page at the same moment marks the attempt and writes the money in one commit, so a
    # mark that was seen above always finds its money here.
    if ledger.is_written(_reference(page)):
        db.session.rollback()
        return "again"
    if attempt is None and order is None:
        db.session.rollback()
        return "unknown"
    reason = mismatch(page, attempt, order)
    if reason or order is None:
        return _commit(odd(page, reason, attempt=attempt))
    if order.state in ("placed", "cancelled"):
        return _send_back(page, number=order.number, reason=TWICE)
    reason = set_aside(page, attempt, order)
    if reason:
        return _commit(odd(page, reason, attempt=attempt))
    if placing.was_replaced(order):
        return _send_back(page, number=order.number, reason=REPLACED)
    return _paid_late(page, order.number)


def _paid_late(page: CheckoutSession, number: str) -> str:
    """Paid after the page was given up: honoured if the stock is still there, else the money goes back by itself."""
    db.session.rollback()
    placed = None
    try:
        if attempts.pay(page, since=GIVEN_UP):
            placed = placing.place_late(number, amount_minor=page.amount_total_minor, currency=page.currency)
    except (SoldOut, CardEmpty) as gone:
        db.session.rollback()
        return _send_back(page, number=number, reason=SOLD_OUT if isinstance(gone, SoldOut) else CARD_EMPTY)
    if placed is None:
        db.session.rollback()
        return _paid_otherwise(page)  # somebody else was quicker: what it is now says what to do
    return _finish(page, placed)


def _send_back(page: CheckoutSession, *, number: str, reason: str) -> str:
    """Money nobody can use: written down, and on its way back in full in the same moment."""
    attempts.pay(page, since=GIVEN_UP)
    if not _captured(page, number=number):
        db.session.rollback()
        return "again"
    refunding.give_back(
        order_number=number,
        payment_intent=page.payment_intent or "",
        amount_minor=page.amount_total_minor,
        currency=page.currency,
        reason=reason,
    )
    return _commit("refunded")


def _given_up(page: CheckoutSession, state: str) -> str:
    """A late "expired" never undoes a payment: only a live attempt is given up, and only an open order lapses."""
    attempt = attempts.by_session(page.id) or attempts.by_reference(page.metadata.get("attempt", ""))
    if attempt is None or attempt.session_id not in (None, page.id):
        db.session.rollback()
        return "unknown"
    if attempts.move(attempt.id, state):
        placing.lapse(attempt.order_number)
    return _commit("lapsed")


def _commit(outcome: str) -> str:
    db.session.commit()
    reached("after-settle")
    return outcome
