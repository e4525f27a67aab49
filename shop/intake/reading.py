"""Staff read answers only where their task needs it, and each reading leaves a row."""

from __future__ import annotations

from sqlalchemy import insert, select

from shop.core import clock
from shop.core.db import db, write_apart
from shop.core.errors import NotFound
from shop.intake.models import HealthReading, Screening

# Why somebody who may read does read: a word of this list stands in the log, never free text.
WHYS = {
    "visit": "I treat this person",
    "asked": "The person asked for a look",
    "letter": "A letter has come",
    "advice": "I advise this person",
    "case": "A complaint or a reaction",
}


def read_screening(screening_id: int, *, by: str, why: str = "") -> Screening:
    """One set of answers for a member of staff who may. The reading is logged before anything is shown."""
    whose = select(Screening.client_id).where(Screening.id == screening_id, Screening.withdrawn_at.is_(None))
    with db.engines["read"].connect() as reading:  # the session's first query might hold the lock that the log needs
        row = reading.execute(whose).first()
    if row is None:
        raise NotFound("These answers are not here any more.")
    log_reading(by=by, client_id=row.client_id, subject=f"screening:{screening_id}", why=why)
    return db.session.get_one(Screening, screening_id)


def log_reading(*, by: str, client_id: int | None, subject: str, why: str = "") -> None:
    """A transaction of its own: the row stays even if the page then fails."""
    row = {"at": clock.now(), "by": by, "client_id": client_id, "subject": subject, "why": why or None}
    with write_apart() as session:
        session.execute(insert(HealthReading).values(**row))


def readings_of(client_id: int) -> list[HealthReading]:
    """Who looked at a client's answers, newest first."""
    rows = select(HealthReading).where(HealthReading.client_id == client_id)
    return list(db.session.scalars(rows.order_by(HealthReading.id.desc())))
