"""A refund on its way: Stripe is asked with no lock held, never twice for one refund, and the books follow its answers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from shop.core import clock, outbox
from shop.core.attention import raise_entry
from shop.core.db import changed, db
from shop.core.handlers import fire
from shop.core.history import record
from shop.core.stops import reached
from shop.orders.onto_cards import put_on_card
from shop.orders.refunding import NOT_COMING_BACK
from shop.payments import answers, ledger
from shop.payments.connection import gateway
from shop.payments.errors import StripeDown, StripeRefused
from shop.payments.models import Refund

# A refund only ever moves up: what Stripe said before never overtakes what it said later.
RANK = {"requested": 0, "submitted": 1, "unknown": 1, "pending": 2, "requires_action": 2}
RANK |= {"succeeded": 3, "failed": 4, "canceled": 4}
OUT = ("pending", "requires_action", "succeeded")


def send_refund(*, refund_id: int) -> None:
    """Outbox handler: ask Stripe under the refund's own key, then follow its answer. Raises StripeDown to come again.

    What a gift card paid goes back onto it at once.
    """
    refund = db.session.get_one(Refund, refund_id)
    if refund.tender == "gift_card":
        put_on_card(refund)
        return
    if refund.tender != "stripe" or RANK[refund.state] > 1:
        return
    intent, amount_minor, currency = refund.payment_intent or "", refund.amount_minor, refund.currency
    db.session.rollback()
    reached("before-refund")
    try:
        answer = _sent_before(refund_id, intent, amount_minor) or _send(refund_id, intent, amount_minor, currency)
    except StripeRefused as refused:
        _refused(refund_id, refused)
        return
    reached("after-refund")
    follow(refund_id, answer)


def follow(refund_id: int, answer: answers.Refund) -> bool:
    """Bring a refund to the state Stripe reports; the ledger gets one row for going out, one if it comes back."""
    before = [state for state, rank in RANK.items() if rank < RANK[answer.status]]
    now = {"state": answer.status, "stripe_id": answer.id, "changed_at": clock.now()}
    moved = update(Refund).where(Refund.id == refund_id, Refund.state.in_(before))
    if not changed(moved.values(**now)):
        return False
    refund = db.session.get_one(Refund, refund_id, populate_existing=True)
    if answer.status in OUT:
        _write("refunded", refund, f"refunded:{answer.id}")
    if answer.status == "succeeded":
        outbox.put("refund.succeeded", {"refund_id": refund_id}, key=f"refund.succeeded:{refund_id}")
    if answer.status in NOT_COMING_BACK:
        if ledger.is_written(f"refunded:{answer.id}"):
            _write("refund_failed", refund, f"refund_failed:{answer.id}")
        _needs_a_person(refund, "The bank sent this refund back.")
    record(f"order:{refund.order_number}", axis="refund", was=None, now=answer.status, by="stripe")
    fire("refund.followed", refund_id=refund_id)
    return True


def _sent_before(refund_id: int, payment_intent: str, amount_minor: int) -> answers.Refund | None:
    """An answer may have been lost, and Stripe forgets keys after a day: its own list knows what was sent."""
    sent = gateway().list_refunds(payment_intent)
    return next((r for r in sent if (r.refund_id, r.amount_minor) == (str(refund_id), amount_minor)), None)


def _send(refund_id: int, payment_intent: str, amount_minor: int, currency: str) -> answers.Refund:
    """Under the refund's own key. An error that Stripe replays for ever left no refund behind: a second key is then right."""
    facts: dict[str, Any] = {"payment_intent": payment_intent, "amount_minor": amount_minor, "currency": currency}
    ask = gateway().create_refund
    try:
        return ask(**facts, refund_id=str(refund_id), idempotency_key=f"refund:{refund_id}")
    except StripeDown as problem:
        if not problem.replayed:
            raise
    return ask(**facts, refund_id=str(refund_id), idempotency_key=f"refund:{refund_id}:again")


def _write(kind: str, refund: Refund, reference: str) -> None:
    ledger.write_down(
        kind,
        order_number=refund.order_number,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        reference=reference,
        payment_intent=refund.payment_intent,
        by=refund.by,
    )


def _refused(refund_id: int, refused: StripeRefused) -> None:
    moved = update(Refund).where(Refund.id == refund_id, Refund.state.in_([s for s, rank in RANK.items() if rank < 2]))
    if changed(moved.values(state="failed", changed_at=clock.now())):
        refund = db.session.get_one(Refund, refund_id, populate_existing=True)
        _needs_a_person(refund, f"Stripe did not take this refund ({refused.code or 'no code given'}).")


def _needs_a_person(refund: Refund, reason: str) -> None:
    raise_entry(
        "refund",
        subject=f"order:{refund.order_number}",
        reason=reason,
        what_to_do="Ask the client how to pay the money back, and note it on the order.",
        key=f"refund:{refund.id}:failed",
        urgent=True,
    )


def find_refund(answer: answers.Refund) -> Refund | None:
    """The shop's own refund behind one of Stripe's; None for one made in Stripe's dashboard."""
    mine = select(Refund).where(Refund.stripe_id == answer.id)
    known = db.session.scalars(mine).first()
    if known is None and (answer.refund_id or "").isdecimal() and len(answer.refund_id or "") < 18:
        known = db.session.get(Refund, int(answer.refund_id or 0))
    if known is None or (known.payment_intent, known.amount_minor) != (answer.payment_intent, answer.amount_minor):
        return None
    return known
