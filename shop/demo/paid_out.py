"""Payouts of the demo clinic: what was paid by card went to the bank week by week, less the fees of the stand-in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import insert, select

from shop.core import clock
from shop.core.db import db
from shop.payments.models import PaymentEvent
from shop.payments.payout_models import Payout, PayoutLine

DAYS = 400
FEE_PER_THOUSAND, FEE_EACH = 15, 20


def add_payouts() -> None:
    """Each week of the last months in one payout; the payments of this week are still on their way."""
    today = clock.today()
    this_week = today - timedelta(days=today.weekday())
    since = clock.local_midnight(this_week - timedelta(days=DAYS))
    mine = PaymentEvent.kind == "captured", PaymentEvent.tender == "stripe", PaymentEvent.at >= since
    facts = list(db.session.scalars(select(PaymentEvent).where(*mine).order_by(PaymentEvent.at, PaymentEvent.id)))
    for week, paid in groupby(facts, key=lambda fact: _monday(fact.at)):
        if week < this_week:
            _pay_out(week + timedelta(days=7), list(paid))


def _monday(at: datetime) -> date:
    day = clock.local(at).date()
    return day - timedelta(days=day.weekday())


def _pay_out(monday: date, paid: list[PaymentEvent]) -> None:
    lines = [_line(fact) for fact in paid]
    payout = Payout(
        stripe_id=f"po_demo{monday:%Y%m%d}",
        status="paid",
        amount_minor=sum(line["net_minor"] for line in lines),
        currency=paid[0].currency,
        arrives_on=monday + timedelta(days=2),
        made_at=clock.local_midnight(monday),
        is_automatic=True,
        is_read=True,
    )
    db.session.add(payout)
    db.session.flush()
    db.session.execute(insert(PayoutLine), [line | {"payout_id": payout.id} for line in lines])


def _line(fact: PaymentEvent) -> dict[str, Any]:
    fee = (fact.amount_minor * FEE_PER_THOUSAND + 500) // 1000 + FEE_EACH
    sums = {"amount_minor": fact.amount_minor, "fee_minor": fee, "net_minor": fact.amount_minor - fee}
    named = {"stripe_id": f"txn_demo{fact.id}", "source": f"ch_demo{fact.id}", "payment_intent": fact.payment_intent}
    return sums | named | {"kind": "charge", "words": "charge", "at": fact.at}
