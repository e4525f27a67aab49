"""What Stripe says about money after it came in: refunds, disputes, warnings; each is read afresh before it is believed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.db import db
from shop.core.history import record
from shop.core.money import money
from shop.orders.repaying import find_refund, follow
from shop.payments import answers, ledger
from shop.payments.connection import gateway
from shop.wallet import periods
from shop.wallet.models import Credit, CreditMove

BY = "stripe"
ENDED = {"won": "dispute_won", "lost": "dispute_lost"}


def hear_refund(*, object_id: str, payload: dict[str, Any]) -> str:
    """Hears refund.created, .updated and .failed. Our own follow Stripe's state, others are written down as external."""
    db.session.rollback()
    answer = gateway().get_refund(object_id)
    refund = find_refund(answer)
    if refund is not None:
        follow(refund.id, answer)
        return answer.status
    number = ledger.order_of(answer.payment_intent)
    if number is None:
        return "unknown"
    _write_external(answer, number)
    return "external"


def hear_dispute(*, object_id: str, payload: dict[str, Any]) -> str:
    """Hears charge.dispute.*: the money is gone until the bank decides, sessions pause and goods stay here meanwhile."""
    db.session.rollback()
    dispute = gateway().get_dispute(object_id)
    number = ledger.order_of(dispute.payment_intent)
    if number is None:
        return "unknown"
    if not dispute.is_inquiry:
        _write_dispute("disputed", dispute, number)
    if dispute.status in ENDED:
        return _decided(dispute, number)
    _freeze(dispute, number)
    _ask_about(dispute, number)
    return dispute.status


def hear_warning(*, object_id: str, payload: dict[str, Any]) -> str:
    """Hears radar.early_fraud_warning.created: nothing is decided, a person looks before anything leaves the house."""
    db.session.rollback()
    number = ledger.order_of(payload["object"].get("payment_intent"))
    if number is None:
        return "unknown"
    raise_entry(
        "payment",
        subject=f"order:{number}",
        reason="The bank warns that this payment was probably made with a stolen card.",
        what_to_do="Send nothing yet. Call the client; if in doubt refund the order, which is cheaper than a dispute.",
        key=f"warning:{object_id}",
        urgent=True,
    )
    return "warned"


def _write_external(answer: answers.Refund, number: str) -> None:
    facts: dict[str, Any] = {"order_number": number, "amount_minor": answer.amount_minor, "currency": answer.currency}
    facts |= {"payment_intent": answer.payment_intent, "by": BY}
    came_back = answer.status in ("failed", "canceled")
    if came_back and not ledger.is_written(f"refunded:{answer.id}"):
        return
    if ledger.write_down("refunded_outside", **facts, reference=f"refunded:{answer.id}"):
        record(f"order:{number}", axis="refund", was=None, now="external", by=BY)
        raise_entry(
            "refund",
            subject=f"order:{number}",
            reason=f"{money(answer.amount_minor, answer.currency)} were refunded in Stripe, not here.",
            what_to_do="Say on the order which lines this money was for; sessions and goods have not been touched.",
            key=f"refund-outside:{answer.id}",
        )
    if came_back:
        ledger.write_down("refund_failed", **facts, reference=f"refund_failed:{answer.id}")


def _write_dispute(kind: str, dispute: answers.Dispute, number: str) -> bool:
    facts: dict[str, Any] = {"order_number": number, "amount_minor": dispute.amount_minor, "currency": dispute.currency}
    new = ledger.write_down(kind, **facts, reference=f"{kind}:{dispute.id}", payment_intent=dispute.payment_intent, by=BY)
    if new:
        record(f"order:{number}", axis="dispute", was=None, now=kind, by=BY)
    return new


def _decided(dispute: answers.Dispute, number: str) -> str:
    if not _write_dispute(ENDED[dispute.status], dispute, number):
        return dispute.status
    if dispute.status == "won":
        _unfreeze(dispute, number)
        return "won"
    _freeze(dispute, number)  # where this is the first that we hear of it
    raise_entry(
        "dispute",
        subject=f"order:{number}",
        reason=f"The bank decided for the client: {money(dispute.amount_minor, dispute.currency)} are lost.",
        what_to_do="Decide what becomes of the unused sessions, which stay paused, and of goods that have not left.",
        key=f"dispute:{dispute.id}:lost",
        urgent=True,
    )
    return "lost"


def _ask_about(dispute: answers.Dispute, number: str) -> None:
    amount = money(dispute.amount_minor, dispute.currency)
    raise_entry(
        "dispute",
        subject=f"order:{number}",
        reason=f"The client's bank asks about {amount} ({dispute.reason.replace('_', ' ') or 'no reason given'}).",
        what_to_do="Answer in Stripe before its date. Sessions are paused and nothing may be shipped or refunded meanwhile.",
        key=f"dispute:{dispute.id}",
        urgent=True,
    )


def _freeze(dispute: answers.Dispute, number: str) -> None:
    """Pause what is left of the order's sessions, whoever owns them by now; what was paused before stays as it was."""
    for credit in db.session.scalars(_credits(number)).all():
        cause = f"dispute:{dispute.id}:{credit.code}"
        left = credit.free + credit.held and credit.expires_on >= clock.today()
        if left and credit.frozen_on is None and not _is_caused(cause):
            periods.freeze(credit.id, cause=cause, by=BY, reason="The bank is examining the payment.")


def _unfreeze(dispute: answers.Dispute, number: str) -> None:
    for credit in db.session.scalars(_credits(number)).all():
        cause = f"dispute:{dispute.id}:{credit.code}"
        if credit.frozen_on is not None and _is_caused(cause):
            periods.unfreeze(credit.id, cause=f"{cause}:won", by=BY)


def _credits(number: str) -> Any:
    return select(Credit).where(Credit.order_number == number).order_by(Credit.id)


def _is_caused(cause: str) -> bool:
    return db.session.scalar(select(CreditMove.id).where(CreditMove.cause == cause)) is not None
