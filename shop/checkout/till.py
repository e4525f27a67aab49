"""Closing the day at the till: what each means of payment should hold, against what was counted.

What has moved since the last close is all that ever moved less what the closes before accounted for: a payment that was
being written while somebody closed is simply part of the next close, never of none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from shop.checkout.models import TillClose
from shop.core import clock
from shop.core.db import db, insert_once
from shop.core.errors import Conflict, Refused
from shop.core.money import money
from shop.payments.models import PaymentEvent

MEANS = ("cash", "terminal", "bank")
WORDS = {"cash": "cash", "terminal": "card terminal", "bank": "bank transfer"}
NOW_CLOSED = "Somebody has closed the till while this page was open. Count once more, please."


@dataclass(frozen=True)
class Till:
    """The till as it stands: `moved` since the last close, `expected` to be counted; cash includes what was left in."""

    number: int
    moved: dict[str, int]
    left_before_minor: int
    last: TillClose | None

    @property
    def expected(self) -> dict[str, int]:
        return self.moved | {"cash": self.left_before_minor + self.moved["cash"]}

    @property
    def seen(self) -> str:
        """What a page showed, so that nobody closes another sum than was seen."""
        return f"{self.number}:" + ":".join(str(self.moved[means]) for means in MEANS)


def read_till() -> Till:
    """Three statements, however many payments there were."""
    last = db.session.scalars(select(TillClose).order_by(TillClose.number.desc()).limit(1)).first()
    moved = _ever_moved()
    for earlier in db.session.scalars(select(TillClose.moved)):
        for means in MEANS:
            moved[means] -= int(earlier.get(means, 0))
    return Till(last.number + 1 if last else 1, moved, last.left_minor if last else 0, last)


def close_till(counted: Mapping[str, int], *, seen: str, left_minor: int, reason: str, currency: str, by: str) -> TillClose:
    """Write the close down. Raises Refused without a reason for a difference, Conflict when something moved meanwhile."""
    till = read_till()
    if till.seen != seen:
        raise Conflict("Something was paid or paid back while you counted. The figures are new; please look once more.")
    difference = sum(counted[means] - till.expected[means] for means in MEANS)
    if any(counted[means] != till.expected[means] for means in MEANS) and not reason.strip():
        off = [
            f"{WORDS[m]} {_signed(counted[m] - till.expected[m], currency)}"
            for m in MEANS
            if counted[m] != till.expected[m]
        ]
        raise Refused(f"Say why it differs: {', '.join(off)}.", field="reason")
    if left_minor > counted["cash"]:
        raise Refused("More cannot stay in the drawer than was counted.", field="left")
    facts: dict[str, Any] = {
        "number": till.number,
        "expected": till.expected,
        "moved": till.moved,
        "difference_minor": difference,
    }
    facts |= {"counted": {means: counted[means] for means in MEANS}, "left_minor": left_minor, "currency": currency}
    if not insert_once(TillClose, unique="number", **facts, reason=reason.strip(), closed_at=clock.now(), by=by):
        raise Conflict(NOW_CLOSED)
    return db.session.scalars(select(TillClose).where(TillClose.number == till.number)).one()


def closes(*, limit: int = 60) -> list[TillClose]:
    """The newest first."""
    return list(db.session.scalars(select(TillClose).order_by(TillClose.number.desc()).limit(limit)))


def _ever_moved() -> dict[str, int]:
    signed = case((PaymentEvent.kind == "captured", PaymentEvent.amount_minor), else_=-PaymentEvent.amount_minor)
    sums = select(PaymentEvent.tender, func.sum(signed)).where(
        PaymentEvent.tender.in_(MEANS), PaymentEvent.kind.in_(("captured", "refunded"))
    )
    found = {tender: int(minor) for tender, minor in db.session.execute(sums.group_by(PaymentEvent.tender))}
    return {means: found.get(means, 0) for means in MEANS}


def _signed(minor: int, currency: str) -> str:
    return ("+" if minor > 0 else "−") + money(abs(minor), currency)
