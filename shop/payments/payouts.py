"""Payouts are read from Stripe as soon as it says that one is on its way, and once a day what no message told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from shop.core import clock, outbox
from shop.core.attention import raise_entry
from shop.core.db import changed, db, insert_once
from shop.payments.connection import gateway
from shop.payments.payout_answers import BalanceMove, PayoutAnswer
from shop.payments.payout_models import Payout, PayoutLine
from shop.payments.reconciling import reconciled

LOOK, READ = "payouts.look", "payout.read"
FIRST_LOOK, OVERLAP = timedelta(days=90), timedelta(days=10)
OVER = ("paid", "failed", "canceled")


def hear_payout(*, object_id: str, payload: dict[str, Any]) -> str:
    """Hears payout.paid and .failed: the payout is read afresh, with its entries."""
    return _bring_in(object_id)


def promise_today() -> None:
    """Said by every sweep: once a day Stripe is asked for payouts that nobody told us of."""
    day = clock.today().isoformat()
    outbox.put(LOOK, {"day": day}, key=f"{LOOK}:{day}")


def look(*, day: str) -> None:
    """Outbox handler: each payout that is new, or not whole yet, is read by an effect of its own."""
    newest = db.session.scalar(select(func.max(Payout.made_at)))
    since = newest - OVERLAP if newest else clock.now() - FIRST_LOOK
    rows = select(Payout.stripe_id).where(Payout.is_read, Payout.status.in_(OVER), Payout.made_at >= since)
    whole = set(db.session.scalars(rows))
    db.session.rollback()
    for payout in gateway().list_payouts(since):
        if payout.id not in whole:
            outbox.put(READ, {"payout": payout.id}, key=f"{READ}:{payout.id}:{day}")


def read(*, payout: str) -> None:
    """Outbox handler. Done twice it is done once."""
    _bring_in(payout)


def _bring_in(stripe_id: str) -> str:
    db.session.rollback()
    answer = gateway().get_payout(stripe_id)
    moves = gateway().list_moves(stripe_id) if answer.is_automatic and answer.is_added_up else None
    payout = _write(answer, moves)
    if payout.is_read:
        _ask_about_differences(payout)
    return answer.status


def _write(answer: PayoutAnswer, moves: list[BalanceMove] | None) -> Payout:
    facts = {"amount_minor": answer.amount_minor, "currency": answer.currency, "made_at": answer.created_at}
    facts |= {"arrives_on": answer.arrives_on, "is_automatic": answer.is_automatic, "is_read": False}
    insert_once(Payout, unique="stripe_id", stripe_id=answer.id, status=answer.status, **facts)
    payout_id = db.session.scalars(select(Payout.id).where(Payout.stripe_id == answer.id)).one()
    for move in moves or []:
        insert_once(PayoutLine, unique="stripe_id", stripe_id=move.id, payout_id=payout_id, **_entry(move))
    now = {"status": answer.status, "arrives_on": answer.arrives_on}
    if moves is not None or not answer.is_automatic:
        now["is_read"] = moves is not None
    changed(update(Payout).where(Payout.id == payout_id).values(**now))
    return db.session.get_one(Payout, payout_id, populate_existing=True)


def _entry(move: BalanceMove) -> dict[str, Any]:
    names = ("kind", "amount_minor", "fee_minor", "net_minor", "source", "payment_intent", "words", "at")
    return {name: getattr(move, name) for name in names}


def _ask_about_differences(payout: Payout) -> None:
    problems = reconciled([payout])[0].problems
    if problems:
        more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
        raise_entry(
            "payout",
            subject=f"payout:{payout.id}",
            reason=f"{problems[0]}{more}",
            what_to_do="Open the payout in the reports and compare it with Stripe; payments of another shop show up here too.",
            key=f"payout:{payout.stripe_id}",
        )
