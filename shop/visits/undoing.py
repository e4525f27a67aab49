"""Whatever was pressed by mistake is taken back within a set time, in the ledger as well, each step by a row of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.settings import setting
from shop.visits.booking import cause_of
from shop.visits.cancelling import give_fee_back
from shop.visits.changing import change, check_state, fee_is_used
from shop.visits.models import Visit
from shop.visits.occupying import take
from shop.visits.supplying import bring_back_supplies
from shop.wallet import moving
from shop.wallet.models import CreditMove

UNDOABLE = ("arrived", "done", "no_show", "cancelled")
REASON = "taken back at the desk"


def undo_until(visit: Visit) -> datetime | None:
    """Until when the last act can be taken back; None when there is none or its time is over."""
    if visit.state not in UNDOABLE:
        return None
    ends = visit.changed_at + timedelta(minutes=setting("visits.undo_minutes"))
    return ends if clock.now() <= ends else None


def undo(visit: Visit, *, by: str) -> None:
    """Back to where it was before the last act. Raises Refused when the time is over, Conflict when somebody took the slot.

    Locks visit, day, then credits, then shelves.
    """
    visit = check_state(visit, *UNDOABLE)
    if undo_until(visit) is None:
        raise Refused("The time in which this can be taken back is over. Book it anew, or ask whoever leads the clinic.")
    was = visit.state
    back_to = "arrived" if was == "done" and visit.arrived_at else "booked"
    if was in ("no_show", "cancelled"):
        visit.state = back_to
        take(visit)
        visit.state = was
    _bring_back(visit, by=by)
    if was == "done":
        bring_back_supplies(visit, by=by)
    if was != "arrived":
        fee_is_used(visit, used=False)
    if visit.owed_minor:
        _forgive(visit, by=by)
    gone = {"arrived": {"arrived_at": None}, "done": {"done_at": None}}.get(was, {})
    change(visit, back_to, by=by, note=f"undoes {was}", turn=visit.turn + 1, **gone)


def _forgive(visit: Visit, *, by: str) -> None:
    """It was not called off late after all: the fee for that is due no more, and one that was paid goes back."""
    if visit.owed_order is not None:
        give_fee_back(visit, visit.owed_order, by=by)
    visit.owed_minor, visit.owed_order = 0, None


def _bring_back(visit: Visit, *, by: str) -> None:
    """The session is held again, whether it was used, lost or given back."""
    if visit.credit_id is None or visit.session == "held":
        return
    if visit.session == "free":
        moving.book(visit.credit_id, cause=cause_of(visit, "again"), by=by)
    else:
        moving.reverse(visit.credit_id, cause=cause_of(visit, "undo"), by=by, reason=REASON)
        reverse_extras(visit, act="undo", by=by, reason=REASON)
    visit.session = "held"


def reverse_extras(visit: Visit, *, act: str, by: str, reason: str) -> None:
    """The add-ons that went with this visit are free again."""
    prefix = cause_of(visit, "addon:")
    used = select(CreditMove.credit_id).where(
        CreditMove.cause.startswith(prefix, autoescape=True), CreditMove.kind == "redeem"
    )
    for extra_id in db.session.scalars(used.order_by(CreditMove.credit_id)).all():
        moving.reverse(extra_id, cause=cause_of(visit, f"{act}:addon:{extra_id}"), by=by, reason=reason)
        moving.release(extra_id, cause=cause_of(visit, f"{act}:addon:{extra_id}:release"), by=by)
