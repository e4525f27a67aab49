"""Whoever calls off gets it in writing at once: what was called off, on which day and at what time, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shop.core import clock
from shop.core.mail import send
from shop.core.settings import setting
from shop.core.templating import day
from shop.orders.filing import order_link
from shop.orders.models import Order, Withdrawal
from shop.terms.jurisdictions import law_of


@dataclass(frozen=True)
class Receipt:
    """A withdrawal as its page shows it."""

    code: str
    stamp: str
    lines: tuple[dict[str, Any], ...]
    refund_minor: int
    waiting_minor: int
    goodwill_minor: int
    vat_minor: int
    rule: str
    version: str
    by_when: str


def receipt(order: Order, withdrawal: Withdrawal) -> Receipt:
    return Receipt(
        code=withdrawal.code,
        stamp=stamp(withdrawal.made_at),
        lines=tuple(withdrawal.said),
        refund_minor=withdrawal.refund_minor,
        waiting_minor=withdrawal.waiting_minor,
        goodwill_minor=withdrawal.goodwill_minor,
        vat_minor=withdrawal.vat_minor,
        rule=withdrawal.rule,
        version=withdrawal.version,
        by_when=_by_when(order, withdrawal),
    )


def promise(order: Order, withdrawal: Withdrawal) -> None:
    """The receipt by e-mail, in the same transaction as the withdrawal; sessions by their neutral names."""
    shown = receipt(order, withdrawal)
    send(
        "withdrawn",
        to=order.email,
        subject=f"Receipt: you called off order {order.number}",
        key=f"withdrawn:{withdrawal.code}",
        name=order.name,
        number=order.number,
        code=shown.code,
        stamp=shown.stamp,
        lines=[(line["statement"], line["why"], line["minor"]) for line in shown.lines],
        refund_minor=shown.refund_minor,
        waiting_minor=shown.waiting_minor,
        goodwill_minor=shown.goodwill_minor,
        by_when=shown.by_when,
        return_to=", ".join([setting("clinic.name"), *setting("clinic.address")]),
        link=order_link(order.number),
    )


def stamp(at: datetime) -> str:
    """ "Monday 2 March 2026, 9:30:05 (GMT)": the law asks for date and time."""
    local = clock.local(at)
    return f"{day(local.date(), year=True)}, {local.hour}:{local:%M:%S} ({local.tzname()})"


def _by_when(order: Order, withdrawal: Withdrawal) -> str:
    from datetime import timedelta

    law = law_of(order.jurisdiction, version=order.promise.get("law_version"))
    return day(clock.local(withdrawal.made_at).date() + timedelta(days=law.refund_days), year=True)
