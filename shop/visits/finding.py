"""A client's appointments and single ones by their number; another person's is not there."""

from __future__ import annotations

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db, one_or_404
from shop.visits.models import Visit
from shop.visits.models.visit import AHEAD

GONE = "This appointment is not here."


def find_visit(number: str) -> Visit | None:
    return db.session.scalars(select(Visit).where(Visit.number == number)).first()


def newest_of(visit: Visit) -> Visit:
    """Where this appointment is now, however often it was moved."""
    same = select(Visit).where(Visit.uid == visit.uid).order_by(Visit.sequence.desc()).limit(1)
    return db.session.scalars(same).one()


def get_visit(number: str, *, client_id: int | None) -> Visit:
    """A client's own. Raises NotFound for another's."""
    return one_or_404(select(Visit).where(Visit.number == number, Visit.client_id == client_id), GONE)


def any_visit(number: str) -> Visit:
    """For staff, whose routes say who they are. Raises NotFound."""
    return one_or_404(select(Visit).where(Visit.number == number), GONE)


def locked(visit: Visit) -> Visit:
    """The same row, locked and read anew; every act on a visit begins here."""
    same = select(Visit).where(Visit.id == visit.id).with_for_update()
    return db.session.scalars(same, execution_options={"populate_existing": True}).one()


def locked_newest(visit: Visit) -> Visit:
    """The same for the appointment wherever it is now: who moved it while we waited for its row has made a newer one."""
    while True:
        same = locked(newest_of(visit))
        if same.state != "moved":
            return same


def next_visit(client_id: int | None) -> Visit | None:
    """The next one ahead, or the one that is just taking place."""
    if client_id is None:
        return None
    mine = select(Visit).where(Visit.client_id == client_id, Visit.state.in_(AHEAD), Visit.leaves_at > clock.now())
    return db.session.scalars(mine.order_by(Visit.starts_at).limit(1)).first()


def visits_of_credits(credit_ids: list[int]) -> list[Visit]:
    """What lies ahead for these sessions, the earliest first."""
    ahead = select(Visit).where(Visit.credit_id.in_(credit_ids), Visit.state.in_(AHEAD))
    return list(db.session.scalars(ahead.order_by(Visit.id)))


def owing_visits(client_id: int) -> list[Visit]:
    """Those of a client for which a fee for calling off late is still due, the oldest first."""
    mine = select(Visit).where(Visit.client_id == client_id, Visit.owed_minor > 0, Visit.owed_order.is_(None))
    return list(db.session.scalars(mine.order_by(Visit.id)))
