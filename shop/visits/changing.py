"""A visit's state changes under its lock, from a state that allows it, and leaves a row that says who did it."""

from __future__ import annotations

from typing import Any

from shop.accounts.naming import name_of_actor
from shop.core import clock, outbox
from shop.core.db import db
from shop.core.errors import Conflict
from shop.core.history import history_of, record
from shop.core.templating import time_of_day
from shop.visits.finding import locked
from shop.visits.models import Visit

FEE_USED = "visit.fee_used"
WORDS = {
    "booked": "booked",
    "arrived": "marked as arrived",
    "done": "marked as done",
    "no_show": "marked as missed",
    "cancelled": "cancelled",
    "moved": "moved to another time",
}


def check_state(visit: Visit, *allowed: str) -> Visit:
    """The visit, locked. Raises Conflict when somebody was quicker."""
    same = locked(visit)
    if same.state not in allowed:
        raise Conflict(f"This appointment has been {WORDS[same.state]} in the meantime{_by(same)}. Nothing was changed.")
    return same


def fee_is_used(visit: Visit, *, used: bool) -> None:
    """The fee of an appointment was earned, or is open again: whoever pays it back by law has to know."""
    if visit.fee_order is not None:
        facts = {"order_number": visit.fee_order, "used": used}
        outbox.put(FEE_USED, facts, key=f"{FEE_USED}:{visit.number}:{visit.turn}:{used}")


def _by(visit: Visit) -> str:
    """Who was quicker, and when."""
    last = next((row for row in reversed(history_of(f"visit:{visit.number}")) if row.axis == "state"), None)
    return f", at {time_of_day(last.at)} by {name_of_actor(last.by)}" if last else ""


def change(visit: Visit, now: str, *, by: str, note: str | None = None, **facts: Any) -> None:
    """Write the new state and whatever goes with it; the caller holds the lock."""
    was = visit.state
    visit.state, visit.changed_at = now, clock.now()
    for name, value in facts.items():
        setattr(visit, name, value)
    record(f"visit:{visit.number}", axis="state", was=was, now=now, by=by, note=note or None)
    db.session.flush()
