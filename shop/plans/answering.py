"""The client's word on a plan: yes, or no with a reason; and the end of its reminders."""

from __future__ import annotations

from sqlalchemy import update

from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.plans.events import happened
from shop.plans.models import Plan

REASONS = {
    "price": "It costs more than I want to spend",
    "later": "Not now, perhaps later",
    "elsewhere": "I have bought it elsewhere",
    "changed": "Something about my health has changed",
    "other": "Something else",
}


def accept(plan: Plan, *, by: str) -> None:
    """Raises Conflict for a plan that was taken back."""
    if _move(plan, "accepted", by=by):
        happened(plan.id, "accepted", key=_mark(), by=by)


def decline(plan: Plan, reason: str, *, by: str) -> None:
    """Raises Refused without one of the reasons, Conflict for a plan that was taken back."""
    if reason not in REASONS:
        raise Refused("Choose a reason; it helps us to advise better.", field="reason")
    if _move(plan, "declined", by=by):
        happened(plan.id, "declined", key=_mark(), by=by, detail=REASONS[reason])


def stop_reminders(plan: Plan, *, by: str) -> None:
    """No note about this plan any more, whatever becomes of it."""
    if plan.quiet_at is None:
        plan.quiet_at = clock.now()
        db.session.flush()
    happened(plan.id, "stopped", key="", by=by)


def mark_seen(plan: Plan, *, by: str) -> bool:
    """Said by the page in a browser that shows it, or by any of its buttons; a robot that fetches it says nothing."""
    return happened(plan.id, "seen", key=f"v{plan.shown}", by=by)


def _move(plan: Plan, state: str, *, by: str) -> bool:
    """False when it stands there already."""
    was = plan.state
    if was == state:
        return False
    mine = update(Plan).where(Plan.id == plan.id, Plan.state == was, Plan.state.in_(("sent", "accepted", "declined")))
    if not changed(mine.values(state=state)):
        raise Conflict("This plan has changed meanwhile. Open it again.")
    record(f"plan:{plan.id}", axis="state", was=was, now=state, by=by)
    return True


def _mark() -> str:
    """Somebody may change their mind, and each time counts."""
    return clock.now().isoformat()
