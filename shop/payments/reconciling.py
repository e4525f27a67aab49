"""Each payout against the shop's own ledger: what came in, less fees and what went back, is the line at the bank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select

from shop.core.db import db
from shop.core.money import money
from shop.payments.models import PaymentEvent
from shop.payments.payout_models import Payout, PayoutLine

# kind of Stripe's entry → kinds of facts in our ledger, and how their reference is made of Stripe's number
OURS = {
    "charge": (("captured",), ""),
    "refund": (("refunded", "refunded_outside"), "refunded:"),
    "refund_failure": (("refund_failed",), "refund_failed:"),
    "dispute": (("disputed",), "disputed:"),
    "dispute_reversal": (("dispute_won",), "dispute_won:"),
}
WORDS = {
    "charge": "Payment",
    "refund": "Refund",
    "refund_failure": "Refund that came back",
    "dispute": "Disputed payment",
    "dispute_reversal": "Dispute won",
    "fee": "Stripe's fee",
    "other": "Something else",
}


@dataclass(frozen=True)
class Sums:
    """gross − refunds − disputes − fees + other = bank, whatever happened; all but the last two above nothing."""

    gross_minor: int = 0
    refunds_minor: int = 0
    disputes_minor: int = 0
    fees_minor: int = 0
    other_minor: int = 0

    @property
    def bank_minor(self) -> int:
        return self.gross_minor - self.refunds_minor - self.disputes_minor - self.fees_minor + self.other_minor


@dataclass(frozen=True)
class Matched:
    """An entry of a payout with the order it is about; `problem` says what our ledger has otherwise."""

    line: Any
    order_number: str | None
    problem: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.line.kind]


@dataclass(frozen=True)
class Reconciled:
    payout: Payout
    sums: Sums
    lines: tuple[Matched, ...] = field(default=())

    @property
    def problems(self) -> list[str]:
        """One sentence for each difference; empty when everything agrees."""
        found = [one.problem for one in self.lines if one.problem]
        if self.payout.is_read and self.sums.bank_minor != self.payout.amount_minor:
            said, sent = (money(minor, self.payout.currency) for minor in (self.sums.bank_minor, self.payout.amount_minor))
            found.insert(0, f"The entries add up to {said}, but {sent} were sent.")
        return found


def sums_of(lines: Iterable[Any]) -> Sums:
    """What the entries of one payout come to; pure."""
    total = {"charge": 0, "refund": 0, "dispute": 0, "fee": 0, "other": 0}
    fees = 0
    for line in lines:
        total[_FAMILY.get(line.kind, line.kind)] += line.amount_minor
        fees += line.fee_minor
    return Sums(total["charge"], -total["refund"], -total["dispute"], fees - total["fee"], total["other"])


def reconciled(payouts: Sequence[Payout]) -> list[Reconciled]:
    """In the order given; two statements however many there are."""
    mine: dict[int, list[PayoutLine]] = {payout.id: [] for payout in payouts}
    rows = select(PayoutLine).where(PayoutLine.payout_id.in_(mine)).order_by(PayoutLine.id)
    for line in db.session.scalars(rows):
        mine[line.payout_id].append(line)
    facts = _facts([line for lines in mine.values() for line in lines])
    return [
        Reconciled(
            payout, sums_of(mine[payout.id]), tuple(_match(line, payout.currency, facts) for line in mine[payout.id])
        )
        for payout in payouts
    ]


def _facts(lines: list[PayoutLine]) -> dict[str, PaymentEvent]:
    """{reference or payment intent: our fact}."""
    intents = {line.payment_intent for line in lines if line.kind == "charge" and line.payment_intent}
    references = {reference for line in lines if (reference := _reference(line))}
    wanted = or_(
        PaymentEvent.reference.in_(references),
        PaymentEvent.payment_intent.in_(intents) & (PaymentEvent.kind == "captured"),
    )
    found: dict[str, PaymentEvent] = {}
    for fact in db.session.scalars(select(PaymentEvent).where(wanted)):
        found[fact.payment_intent or "" if fact.kind == "captured" else fact.reference] = fact
    return found


def _reference(line: PayoutLine) -> str:
    prefix = OURS.get(line.kind, ((), ""))[1]
    return f"{prefix}{line.source}" if prefix and line.source else ""


def _match(line: PayoutLine, currency: str, facts: dict[str, PaymentEvent]) -> Matched:
    if line.kind not in OURS:
        return Matched(line, None)
    fact = facts.get((line.payment_intent or "") if line.kind == "charge" else _reference(line))
    what, amount = WORDS[line.kind], abs(line.amount_minor)
    if fact is None:
        return Matched(line, None, f"{what} of {money(amount, currency)}: our ledger does not have it.")
    if (fact.amount_minor, fact.currency) != (amount, currency):
        here = money(fact.amount_minor, fact.currency)
        return Matched(line, fact.order_number, f"{what} of {money(amount, currency)}: it is {here} in our ledger.")
    return Matched(line, fact.order_number)


_FAMILY = {"refund_failure": "refund", "dispute_reversal": "dispute"}
