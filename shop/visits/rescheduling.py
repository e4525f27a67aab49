"""An appointment moves to another time: the old row stays as it was, a new one carries it on, and the session stays held."""

from __future__ import annotations

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.history import record
from shop.core.settings import setting
from shop.visits import early, telling, wishing
from shop.visits.booking import Choice, check_rules, draw_number, find_slot
from shop.visits.cancelling import free_until
from shop.visits.changing import change, check_state
from shop.visits.matters import Matter, free_matter, matter_of
from shop.visits.models import Visit
from shop.visits.occupying import lock_days, take
from shop.visits.offering import bounds_of
from shop.visits.slots import Length, Slot
from shop.wallet import moving as wallet
from shop.wallet.models import Credit

KEPT = (
    *("client_id", "credit_id", "kind", "treatment_id", "uid", "turn", "session"),
    *("fee_minor", "fee_order", "fee_due_at", "late_fee_minor"),
)


def matter_of_visit(visit: Visit) -> Matter:
    """The same matter, as long as it was booked for."""
    length = Length(visit.minutes, int((visit.ends_at - visit.leaves_at).total_seconds()) // 60)
    if visit.credit_id is None:
        facts = vars(free_matter(visit.kind, client_id=visit.client_id))
        return Matter(**facts | {"length": length})
    return Matter(**vars(matter_of(db.session.get_one(Credit, visit.credit_id))) | {"length": length})


def can_move(visit: Visit) -> bool:
    """Whether the client may do it alone: until the notice has passed."""
    return visit.state == "booked" and clock.now() <= free_until(visit)


def move(visit: Visit, choice: Choice, *, cause: str, by: str, ours: bool = False) -> Visit:
    """booked → moved; returns the row of the new time. The same cause a second time is the first move.

    `ours`: the clinic moves it, so spacing was looked at by whoever does. Raises as booking does. Locks visit, day, credit.
    """
    known = db.session.scalars(select(Visit).where(Visit.cause == cause)).first()
    if known is not None:
        return known
    visit = check_state(visit, "booked", "arrived")
    if not choice.is_staff and not can_move(visit):
        raise Refused(f"It is too close to the appointment to move it here. Please call {setting('clinic.phone')}.")
    matter = matter_of_visit(visit)
    lock_days([choice.on])
    bounds = bounds_of(matter, without=visit.id, is_staff=choice.is_staff)
    check_rules(matter, bounds, choice)
    slot = find_slot(matter, bounds, choice, without=visit.id)
    change(visit, "moved", by=by, note=choice.override)
    later = _next_row(visit, slot, cause=cause, by=by)
    later.gap_index = bounds.check(choice.on).gap_number if matter.credit else None
    if visit.session != "none":
        visit.session = "free"
    take(later)
    _keep_request(later, choice, by=by)
    record(f"visit:{later.number}", axis="state", was=None, now="booked", by=by, note=f"moved from {visit.number}")
    wishing.booked(later)
    wishing.freed(visit)
    telling.moved(later, was=visit, ours=ours)
    return later


def _keep_request(later: Visit, choice: Choice, *, by: str) -> None:
    if later.credit_id is None:
        return
    credit = wallet.lock(later.credit_id)
    request = early.keep_request(credit, on=choice.on, asked=choice.asked_early, by=by)
    later.express_version, later.express_at = request or (None, None)
    db.session.flush()


def _next_row(visit: Visit, slot: Slot, *, cause: str, by: str) -> Visit:
    same = {name: getattr(visit, name) for name in KEPT}
    return Visit(
        number=draw_number(),
        practitioner_id=slot.practitioner_id,
        room_id=slot.room_id,
        starts_at=slot.starts_at,
        leaves_at=slot.leaves_at,
        ends_at=slot.ends_at,
        state="booked",
        changed_at=clock.now(),
        moved_from_id=visit.id,
        sequence=visit.sequence + 1,
        cause=cause,
        by=by,
        made_at=clock.now(),
        **same,
    )
