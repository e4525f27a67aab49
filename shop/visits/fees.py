"""What an appointment costs by itself, until when its time is kept without that, and what calling off late costs."""

from __future__ import annotations

from datetime import datetime, timedelta

from shop.core import clock, outbox
from shop.core.money import money
from shop.core.settings import setting
from shop.visits.models import Visit

FEE_DUE = "visit.fee_due"


def fee_of(kind: str) -> int:
    """What an appointment costs that no session pays, in minor units."""
    return int(setting("visits.consultation_fee_minor")) if kind == "consultation" else 0


def late_fee(kind: str) -> int:
    """What calling off late costs, where no fee paid ahead stands for it; said at booking, and kept with the appointment."""
    return int(setting("visits.late_fee_minor")) if setting("visits.late") == "fee" and not fee_of(kind) else 0


def late_words(kind: str, *, is_prepaid: bool) -> str:
    """What is said at booking about calling off after the notice; empty where that costs nothing either."""
    if is_prepaid and setting("visits.late") == "session":
        return "After that the session counts as used."
    if fee_of(kind):
        return "After that the fee is kept."
    fee = late_fee(kind)
    return f"After that a fee of {money(fee)} is due; we send you a link to pay it." if fee else ""


def kept_until(fee_minor: int, starts_at: datetime) -> datetime | None:
    """Until when a client's time is kept without its fee; None where the fee can wait for the appointment."""
    hours = setting("visits.fee_hold_hours")
    until = clock.now() + timedelta(hours=hours)
    return until if fee_minor and hours and until < starts_at else None


def promise_release(visit: Visit) -> None:
    """Put down when the time goes free without its fee: `checkout`, which knows the payments, hears of it."""
    if visit.fee_due_at is not None:
        outbox.put(FEE_DUE, {"number": visit.number}, key=f"{FEE_DUE}:{visit.number}", due_at=visit.fee_due_at)
