"""A client's results diary as it is looked at: pictures, how the routine went and the sessions on one line, two side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shop.catalog.models import Treatment
from shop.core import clock
from shop.core.db import db
from shop.intake.diary import ADHERENCE, allowed, entries_of
from shop.intake.models import DiaryEntry
from shop.visits.models import Visit

# For what a picture has to be allowed before somebody of this role sees it; another role sees none.
READS = {"consultant": "consultant", "practitioner": "record", "medical-lead": "record"}


@dataclass(frozen=True)
class Note:
    """One entry. `at` is its place on the line, in percent."""

    id: int
    day: date
    has_picture: bool
    adherence: str
    words: str
    allowed: frozenset[str]
    is_clinics: bool
    at: float


@dataclass(frozen=True)
class Mark:
    """A session that took place."""

    day: date
    name: str
    at: float


@dataclass(frozen=True)
class Diary:
    """`left` and `right` are the two pictures side by side; `between` the sessions from the one to the other."""

    notes: list[Note]
    sessions: list[Mark]
    left: Note | None
    right: Note | None
    between: list[Mark]

    @property
    def pictures(self) -> list[Note]:
        return [note for note in self.notes if note.has_picture]

    @property
    def days(self) -> int:
        """From the one picture to the other."""
        return (self.right.day - self.left.day).days if self.left and self.right else 0


def diary_of(client_id: int, *, role: str | None = None, left: int | None = None, right: int | None = None) -> Diary:
    """For its owner everything; for a role what she has allowed it. Three statements. Without a choice first and last."""
    entries = entries_of(client_id)
    standing = allowed([entry.id for entry in entries])
    if role is not None:
        entries = [entry for entry in entries if READS.get(role) in standing.get(entry.id, ())]
    sessions = _sessions(client_id) if entries else []
    days = [*(entry.day for entry in entries), *(day for day, _ in sessions)]
    span = (min(days), max(days)) if days else (clock.today(), clock.today())
    notes = [_note(entry, standing.get(entry.id, set()), span) for entry in entries]
    marks = [Mark(day, name, _place(day, span)) for day, name in sessions]
    pictures = [note for note in notes if note.has_picture]
    first, last = _chosen(pictures, left, 0), _chosen(pictures, right, -1)
    if first and last and first.day > last.day:
        first, last = last, first
    between = [mark for mark in marks if first and last and first.day <= mark.day <= last.day]
    return Diary(notes, marks, first, last if last is not first else None, between)


def may_see(entry: DiaryEntry, role: str | None) -> bool:
    """Asked anew with each picture: what was taken back a moment ago is not shown."""
    return READS.get(role or "", "") in allowed([entry.id]).get(entry.id, ())


def _chosen(pictures: list[Note], wanted: int | None, otherwise: int) -> Note | None:
    if not pictures:
        return None
    return next((note for note in pictures if note.id == wanted), pictures[otherwise])


def _note(entry: DiaryEntry, standing: set[str], span: tuple[date, date]) -> Note:
    return Note(
        id=entry.id,
        day=entry.day,
        has_picture=entry.photo_id is not None,
        adherence=ADHERENCE.get(entry.content.get("adherence", ""), ""),
        words=entry.content.get("words", ""),
        allowed=frozenset(standing),
        is_clinics=entry.by.startswith("user:") and entry.visit_number is not None,
        at=_place(entry.day, span),
    )


def _place(day: date, span: tuple[date, date]) -> float:
    """Between 2 and 98, so that the first and the last bead are whole."""
    length = (span[1] - span[0]).days
    return round(2 + 96 * (day - span[0]).days / length, 2) if length else 50.0


def _sessions(client_id: int) -> list[tuple[date, str]]:
    done = select(Visit.starts_at, Treatment.name).outerjoin(Treatment, Treatment.id == Visit.treatment_id)
    done = done.where(Visit.client_id == client_id, Visit.state == "done", Visit.kind.in_(("session", "upkeep")))
    rows = db.session.execute(done.order_by(Visit.starts_at))
    return [(clock.local(row.starts_at).date(), row.name or "Session") for row in rows]
