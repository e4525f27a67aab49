"""What Stripe sends to the clinic's bank, and what each sum is made of, as small frozen values of the shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shop.payments.answers import moment

# What Stripe's reporting categories are to a clinic; what is none of these is said as "other".
KINDS = {
    "charge": "charge",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "dispute": "dispute",
    "dispute_reversal": "dispute_reversal",
    "fee": "fee",
}
OWN = "payout"


@dataclass(frozen=True, slots=True)
class PayoutAnswer:
    """One sum on its way to the bank. Stripe says what an automatic one is made of, once it has finished adding up."""

    id: str
    status: str
    amount_minor: int
    currency: str
    arrives_on: date
    created_at: datetime
    is_automatic: bool
    is_added_up: bool


@dataclass(frozen=True, slots=True)
class BalanceMove:
    """One entry of the account: `amount_minor` below nothing leaves it; `fee_minor` was kept by Stripe."""

    id: str
    kind: str
    amount_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    source: str | None
    payment_intent: str | None
    at: datetime
    words: str


def read_payout(data: Mapping[str, Any]) -> PayoutAnswer:
    """Read a payout of Stripe's."""
    return PayoutAnswer(
        id=data["id"],
        status=data["status"],
        amount_minor=data["amount"],
        currency=data["currency"].upper(),
        arrives_on=moment(data["arrival_date"]).date(),
        created_at=moment(data["created"]),
        is_automatic=data["automatic"],
        is_added_up=data["reconciliation_status"] == "completed",
    )


def read_move(data: Mapping[str, Any]) -> BalanceMove:
    """Read a balance transaction of Stripe's whose source is unfolded."""
    source = data.get("source")
    unfolded = source if isinstance(source, Mapping) else {}
    return BalanceMove(
        id=data["id"],
        kind=OWN if data["type"] == OWN else KINDS.get(data["reporting_category"], "other"),
        amount_minor=data["amount"],
        fee_minor=data["fee"],
        net_minor=data["net"],
        currency=data["currency"].upper(),
        source=unfolded.get("id") if unfolded else source,
        payment_intent=_id(unfolded.get("payment_intent")),
        at=moment(data["created"]),
        words=data["reporting_category"].replace("_", " "),
    )


def _id(value: Any) -> str | None:
    id: str | None = value["id"] if isinstance(value, Mapping) else value
    return id
