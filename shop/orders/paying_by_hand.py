"""What was paid in cash, at the terminal or by bank transfer goes back by a person's hand, who then says so here."""

from __future__ import annotations

from sqlalchemy import select, update

from shop.core import clock, outbox
from shop.core.attention import AttentionEntry, raise_entry
from shop.core.db import changed, db
from shop.core.errors import Conflict, NotFound
from shop.core.handlers import fire
from shop.core.history import record
from shop.core.money import money
from shop.payments import ledger
from shop.payments.models import Refund

WORDS = {
    "cash": "in cash",
    "terminal": "by card at the terminal",
    "bank": "by bank transfer",
    "gift_card": "as a gift card",
}


def hand_over(refund: Refund) -> None:
    """A refund that Stripe cannot make waits for a person; one for Stripe or a gift card is left alone."""
    if refund.tender in ("stripe", "gift_card") or refund.state != "requested":
        return
    changed(update(Refund).where(Refund.id == refund.id).values(state="submitted", changed_at=clock.now()))
    amount = money(refund.amount_minor, refund.currency)
    raise_entry(
        "refund",
        subject=f"order:{refund.order_number}",
        reason=f"{amount} were paid {WORDS.get(refund.tender, refund.tender)} and are to go back the same way.",
        what_to_do="Pay it back, then press “Paid back by hand” on the order.",
        key=_key(refund.id),
    )
    db.session.refresh(refund)


def paid_back(refund_id: int, *, by: str) -> None:
    """A person has paid it back. Raises Conflict when that was said before or Stripe does it."""
    done = update(Refund).where(Refund.id == refund_id, Refund.state == "submitted", Refund.tender != "stripe")
    if not changed(done.values(state="succeeded", changed_at=clock.now(), stripe_id=f"hand:{refund_id}")):
        raise Conflict("This refund is not waiting to be paid by hand.")
    refund = db.session.get_one(Refund, refund_id, populate_existing=True)
    ledger.write_down(
        "refunded",
        order_number=refund.order_number,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        reference=f"refunded:{refund.stripe_id}",
        tender=refund.tender,
        payment_intent=refund.payment_intent,
        by=by,
    )
    record(f"order:{refund.order_number}", axis="refund", was="submitted", now="succeeded", by=by)
    outbox.put("refund.succeeded", {"refund_id": refund_id}, key=f"refund.succeeded:{refund_id}")
    _resolve(refund_id, by=by)
    fire("refund.followed", refund_id=refund_id)


def get_waiting(order_number: str, refund_id: int) -> Refund:
    """A refund of this order that waits for a hand. Raises NotFound."""
    mine = select(Refund).where(Refund.id == refund_id, Refund.order_number == order_number, Refund.tender != "stripe")
    refund = db.session.scalars(mine).first()
    if refund is None:
        raise NotFound("This refund is not here.")
    return refund


def _resolve(refund_id: int, *, by: str) -> None:
    mine = update(AttentionEntry).where(AttentionEntry.key == _key(refund_id), AttentionEntry.resolved_at.is_(None))
    changed(mine.values(resolved_at=clock.now(), resolved_by=by, note="Paid back by hand."))


def _key(refund_id: int) -> str:
    return f"refund:{refund_id}:by-hand"
