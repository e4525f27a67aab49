"""Payouts of a month as the bank's statement lists them, and what has been paid but is not on its way yet."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import exists, func, select

from shop.core.db import db, one_or_404
from shop.payments.models import PaymentEvent
from shop.payments.payout_models import Payout, PayoutLine
from shop.payments.reconciling import Reconciled, Sums, reconciled
from shop.reports.spans import Month

PER_MONTH = 200
GONE = "There is no such payout."


@dataclass(frozen=True)
class Statement:
    """Payouts by the day on which they arrive; those that failed count for nothing."""

    month: Month
    rows: tuple[Reconciled, ...]
    waiting: int
    waiting_minor: int

    @property
    def arrived(self) -> list[Reconciled]:
        return [row for row in self.rows if row.payout.status not in ("failed", "canceled")]

    @property
    def total(self) -> Sums:
        names = [field.name for field in fields(Sums)]
        return Sums(**{name: sum(getattr(row.sums, name) for row in self.arrived) for name in names})

    @property
    def bank_minor(self) -> int:
        return sum(row.payout.amount_minor for row in self.arrived)


def statement(month: Month) -> Statement:
    """Four statements, however many payments there were."""
    rows = select(Payout).where(Payout.arrives_on >= month.first, Payout.arrives_on < month.next.first)
    found = list(db.session.scalars(rows.order_by(Payout.arrives_on, Payout.id).limit(PER_MONTH)))
    came = select(func.count(), func.coalesce(func.sum(PaymentEvent.amount_minor), 0)).where(*_not_sent(month))
    waiting, minor = db.session.execute(came).one()
    return Statement(month, tuple(reconciled(found)), int(waiting), int(minor))


def one_payout(payout_id: int) -> Reconciled:
    """Raises NotFound."""
    return reconciled([one_or_404(select(Payout).where(Payout.id == payout_id), GONE)])[0]


def waiting_payments(month: Month, *, limit: int = 100) -> list[Any]:
    """(order number, amount, currency, at) of payments until the end of the month that no payout has brought, oldest first."""
    rows = select(PaymentEvent.order_number, PaymentEvent.amount_minor, PaymentEvent.currency, PaymentEvent.at)
    return list(
        db.session.execute(rows.where(*_not_sent(month)).order_by(PaymentEvent.at, PaymentEvent.id).limit(limit)).all()
    )


def _not_sent(month: Month) -> tuple[Any, ...]:
    sent = exists().where(PayoutLine.payment_intent == PaymentEvent.payment_intent, PayoutLine.kind == "charge")
    by_card = PaymentEvent.kind == "captured", PaymentEvent.tender == "stripe"
    return *by_card, PaymentEvent.at < month.until, PaymentEvent.payment_intent.is_not(None), ~sent
