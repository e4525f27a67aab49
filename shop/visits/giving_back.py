"""A session that was used or lost is given back, long after the desk could still take the act back: with a reason, by who leads.

The visit stays what it was. Who was treated was treated, so the distance to the next session still counts from it.
"""

from __future__ import annotations

from sqlalchemy import func, select

from shop.core.db import db
from shop.core.errors import Refused
from shop.core.history import record
from shop.visits.booking import cause_of
from shop.visits.finding import locked
from shop.visits.models import Visit
from shop.visits.undoing import reverse_extras
from shop.wallet import moving
from shop.wallet.models import Credit

TAKEN = ("used", "lost")


def taken_visits(credit_id: int) -> list[Visit]:
    """The appointments that took one of these sessions, the latest first."""
    mine = select(Visit).where(Visit.credit_id == credit_id, Visit.session.in_(TAKEN))
    return list(db.session.scalars(mine.order_by(Visit.starts_at.desc(), Visit.id.desc())))


def taken_elsewhere(credit: Credit) -> int:
    """Sessions used without an appointment here: written down before there was a diary."""
    known = select(func.count(Visit.id)).where(Visit.credit_id == credit.id, Visit.session.in_(TAKEN))
    return max(0, credit.used - int(db.session.scalar(known) or 0))


def give_back(visit: Visit, *, by: str, reason: str) -> None:
    """The session, and the add-ons that went with it, are free again. Locks the visit, then credits. Raises Refused."""
    if not reason.strip():
        raise Refused("Say why.", field="reason")
    visit = locked(visit)
    if visit.credit_id is None or visit.session not in TAKEN:
        raise Refused("This appointment has taken no session, or gave it back already.")
    was = visit.session
    _free(visit.credit_id, cause=cause_of(visit, "back"), by=by, reason=reason)
    if was == "used":
        reverse_extras(visit, act="back", by=by, reason=reason)
    visit.session = "free"
    record(f"visit:{visit.number}", axis="session", was=was, now="free", by=by, note=reason)
    db.session.flush()


def give_back_one(credit: Credit, *, cause: str, by: str, reason: str) -> None:
    """The same for a session that no appointment here stands for. Raises Refused when there is none."""
    if not reason.strip():
        raise Refused("Say why.", field="reason")
    locked_credit = moving.lock(credit.id)
    if moving.found(f"{cause}:reverse") is None and not taken_elsewhere(locked_credit):
        raise Refused("Every used session belongs to an appointment. Choose that one.")
    _free(credit.id, cause=cause, by=by, reason=reason)


def _free(credit_id: int, *, cause: str, by: str, reason: str) -> None:
    moving.reverse(credit_id, cause=f"{cause}:reverse", by=by, reason=reason)
    moving.release(credit_id, cause=f"{cause}:release", by=by, reason=reason)
