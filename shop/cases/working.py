"""What is done about a case: it gets an owner and notes, and ends with an outcome; each act leaves a line."""

from __future__ import annotations

from sqlalchemy import select, update

from shop.accounts.models import User
from shop.cases.models import Case, CaseEntry
from shop.core import clock
from shop.core.attention import AttentionEntry, resolve_entry
from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.handlers import fire
from shop.core.history import record

RESULTS = {
    "settled": "Settled with the client",
    "referred": "Referred to a doctor",
    "not ours": "Not from our treatment or product",
    "lost": "The client could not be reached",
}
MOST_WORDS = 4000


def get_case(case_id: int) -> Case:
    """Raises NotFound."""
    return one_or_404(select(Case).where(Case.id == case_id), "There is no such case.")


def entries_of(case_id: int) -> list[CaseEntry]:
    """The oldest first."""
    return list(db.session.scalars(select(CaseEntry).where(CaseEntry.case_id == case_id).order_by(CaseEntry.id)))


def note(case: Case, text: str, *, by: str) -> CaseEntry:
    """Raises Refused for an empty or endless one."""
    return _write(case, "note", _checked(text, field="text"), by=by)


def assign(case: Case, *, to: int | None, by: str) -> None:
    """A member of staff answers for it from now on; None gives it back. Raises Refused for somebody who is not one."""
    owner = db.session.get(User, to) if to is not None else None
    if to is not None and (owner is None or not owner.is_staff or owner.disabled_at is not None):
        raise Refused("Choose somebody of the staff.", field="owner")
    if case.owner_id == to:
        return
    record(f"case:{case.id}", axis="owner", was=_named(case.owner_id), now=_named(to), by=by)
    case.owner_id = to
    _write(case, "owner", (owner.name or owner.email) if owner is not None else "", by=by)


def close_case(case: Case, *, result: str, words: str, by: str) -> None:
    """Raises Refused without a result and a sentence, Conflict when somebody closed it before. Fires "case.closed"."""
    if result not in RESULTS:
        raise Refused("Choose how it ended.", field="result")
    said = _checked(words, field="words")
    values = {"closed_at": clock.now(), "closed_by": by, "outcome": {"result": result, "words": said}}
    if not changed(update(Case).where(Case.id == case.id, Case.closed_at.is_(None)).values(**values)):
        raise Conflict("Somebody has closed this case already.")
    db.session.expire(case)
    _write(case, "closed", said, by=by)
    record(f"case:{case.id}", axis="state", was="open", now="closed", by=by)
    entries = select(AttentionEntry.id).where(
        AttentionEntry.subject == f"case:{case.id}", AttentionEntry.resolved_at.is_(None)
    )
    for entry_id in list(db.session.scalars(entries)):
        resolve_entry(entry_id, by=by, note="The case is closed.")
    fire("case.closed", case_id=case.id, kind=case.kind, client_id=case.client_id)


def open_again(case: Case, *, words: str, by: str) -> None:
    """It was not over after all. Raises Refused without a reason, Conflict for one that is open."""
    said = _checked(words, field="words")
    again = update(Case).where(Case.id == case.id, Case.closed_at.is_not(None))
    if not changed(again.values(closed_at=None, closed_by=None, outcome=None)):
        raise Conflict("This case is open.")
    db.session.expire(case)
    _write(case, "opened again", said, by=by)
    record(f"case:{case.id}", axis="state", was="closed", now="open", by=by)


def _write(case: Case, kind: str, text: str, *, by: str) -> CaseEntry:
    entry = CaseEntry(case_id=case.id, kind=kind, text=text, at=clock.now(), by=by)
    db.session.add(entry)
    db.session.flush()
    return entry


def _checked(text: str, *, field: str) -> str:
    said = text.strip()
    if not said:
        raise Refused("Write a sentence, so that the next person knows.", field=field)
    if len(said) > MOST_WORDS:
        raise Refused(f"At most {MOST_WORDS} characters, please.", field=field)
    return said


def _named(user_id: int | None) -> str | None:
    return f"user:{user_id}" if user_id is not None else None
