"""Payment events are facts: they are only added, each once; what is paid, refunded or due is their sum."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func, select

from shop.core import clock
from shop.core.db import db, insert_once
from shop.payments.models import PaymentEvent

COMES_IN = ("captured",)
GOES_OUT = ("refunded", "refunded_outside", "disputed")
COMES_BACK = ("refund_failed", "dispute_won")
DECIDED = ("dispute_won", "dispute_lost")


def write_down(
    kind: str,
    *,
    order_number: str,
    amount_minor: int,
    currency: str,
    reference: str,
    tender: str = "stripe",
    payment_intent: str | None = None,
    attempt_id: int | None = None,
    by: str = "stripe",
    note: str | None = None,
) -> bool:
    """Add one fact; False when the same `reference` was written before, or is being written at this moment."""
    fact = {"kind": kind, "order_number": order_number, "amount_minor": amount_minor, "currency": currency}
    who = {"reference": reference, "tender": tender, "payment_intent": payment_intent, "attempt_id": attempt_id}
    return insert_once(PaymentEvent, unique="reference", **fact, **who, by=by, note=note, at=clock.now())


def is_written(reference: str) -> bool:
    return db.session.scalar(select(PaymentEvent.id).where(PaymentEvent.reference == reference)) is not None


def events_of(order_number: str) -> list[PaymentEvent]:
    """Oldest first."""
    mine = select(PaymentEvent).where(PaymentEvent.order_number == order_number)
    return list(db.session.scalars(mine.order_by(PaymentEvent.id)))


def paid_minor(order_number: str) -> int:
    """Money received less money sent back, as far as the ledger knows."""
    return _sum(order_number, COMES_IN) - _sum(order_number, GOES_OUT) + _sum(order_number, COMES_BACK)


def captured_minor(order_number: str) -> int:
    return _sum(order_number, COMES_IN)


def has_open_dispute(order_number: str) -> bool:
    """A bank has taken money of this order back, and has not decided yet whose it is."""
    mine = select(PaymentEvent.kind, func.count()).where(PaymentEvent.order_number == order_number)
    kinds = mine.where(PaymentEvent.kind.in_(("disputed", *DECIDED))).group_by(PaymentEvent.kind)
    counts: dict[str, int] = dict(db.session.execute(kinds).all())  # type: ignore[arg-type]
    return counts.get("disputed", 0) > sum(counts.get(kind, 0) for kind in DECIDED)


def disputed(order_numbers: Sequence[str]) -> set[str]:
    """Those of these orders whose payment a bank is examining; one statement."""
    sign = case((PaymentEvent.kind == "disputed", 1), else_=-1)
    sums = select(PaymentEvent.order_number).where(PaymentEvent.order_number.in_(order_numbers))
    kinds = sums.where(PaymentEvent.kind.in_(("disputed", *DECIDED))).group_by(PaymentEvent.order_number)
    return set(db.session.scalars(kinds.having(func.sum(sign) > 0)))


def order_of(payment_intent: str | None) -> str | None:
    """The number of the order that this payment was for."""
    mine = select(PaymentEvent.order_number).where(
        PaymentEvent.payment_intent == payment_intent, PaymentEvent.kind == "captured"
    )
    return db.session.scalar(mine) if payment_intent else None


def _sum(order_number: str, kinds: Sequence[str]) -> int:
    total = select(func.coalesce(func.sum(PaymentEvent.amount_minor), 0))
    mine = total.where(PaymentEvent.order_number == order_number, PaymentEvent.kind.in_(kinds))
    return int(db.session.scalar(mine) or 0)
