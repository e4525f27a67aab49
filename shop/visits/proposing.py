"""After a treatment the next visit is proposed: the earliest day of the series, with the same person, near the same time."""

from __future__ import annotations

from shop.core import clock
from shop.core.db import db
from shop.visits.matters import matter_of
from shop.visits.models import Visit
from shop.visits.offering import offer
from shop.visits.slots import Slot
from shop.wallet.models import Credit


def propose(visit: Visit) -> Slot | None:
    """A time for the client's next session of the same credit; None when none is left or free."""
    credit = db.session.get(Credit, visit.credit_id) if visit.credit_id else None
    if credit is None or not credit.free or credit.frozen_on is not None:
        return None
    found = offer(matter_of(credit), days=1, practitioner_id=visit.practitioner_id).days
    if not found:
        return None
    wanted = clock.local(visit.starts_at)
    return min(found[0].slots, key=lambda slot: abs(_minutes(slot) - wanted.hour * 60 - wanted.minute))


def _minutes(slot: Slot) -> int:
    at = clock.local(slot.starts_at)
    return at.hour * 60 + at.minute
