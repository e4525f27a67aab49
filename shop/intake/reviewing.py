"""A person looks where a machine decided: asked for again, or with a doctor's letter; the word of the person counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, and_, func, or_, select

from shop.accounts.models import Client
from shop.core import clock, mail
from shop.core.attention import AttentionEntry, raise_entry, resolve_entry
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.handlers import fire
from shop.core.history import record
from shop.core.settings import setting
from shop.intake.models import Screening, SealedFile
from shop.intake.standing import newest, replay
from shop.intake.subjects import Subject

LOOK = "Open the desk of answers (reading is logged), look at it with the person, then let it pass or say that it stands."


@dataclass(frozen=True)
class Waiting:
    """One line of the desk: who waits for a person, and for what. It tells no answer."""

    screening_id: int
    client_id: int | None
    name: str
    treatment: str
    what: str
    since: datetime


def ask_again(subject: Subject, treatment: str, *, contact: str = "") -> None:
    """A person shall look at an automatic answer. Raises Refused for a guest who leaves no address."""
    screening = newest(subject, treatment)
    if screening is None:
        return
    if screening.client_id is None and not (contact or screening.contact):
        raise Refused("Please leave an e-mail address, so that we can answer.", field="email")
    screening.asked_again_at = clock.now()
    screening.contact = contact or screening.contact
    _ask("screening", screening, "Somebody asks for a person to look at an automatic answer.")


def letter_came(screening: Screening) -> None:
    """A doctor's letter is there to be read."""
    _ask("letter", screening, "A doctor’s letter has come and waits to be read.")


def waiting() -> list[Waiting]:
    """Everything that waits for a person, the oldest first; one statement."""
    rows = db.session.execute(_waiting().order_by(Screening.id).limit(500))
    return [Waiting(row.id, row.client_id, row.name or "A guest", row.treatment, *_what(row)) for row in rows]


def count_waiting() -> int:
    return int(db.session.scalar(select(func.count()).select_from(_waiting().subquery())) or 0)


def let_pass(screening: Screening, *, note: str, by: str) -> None:
    """The treatment may begin all the same. Raises Refused while a question is open: it may still be a no."""
    if not replay(screening, on=clock.today()).is_complete:
        raise Refused("Some questions are still open. Ask them first: one of them may be a no.")
    screening.signed_off_at, screening.signed_off_by = clock.now(), by
    _close(screening, "let pass", note=note, by=by)


def let_stand(screening: Screening, *, note: str, by: str) -> None:
    """The automatic answer was looked at and holds."""
    screening.signed_off_at = screening.signed_off_by = None
    _close(screening, "stands", note=note, by=by)


def _close(screening: Screening, verdict: str, *, note: str, by: str) -> None:
    """The trail says that it was looked at and by whom; what was found is sealed."""
    if screening.withdrawn_at is not None:
        raise Conflict("These answers were taken back meanwhile.")
    screening.review, screening.reviewed_at = {"verdict": verdict, "note": note.strip(), "by": by}, clock.now()
    record(f"screening:{screening.id}", axis="review", was=None, now="looked at", by=by)
    entries = select(AttentionEntry.id).where(
        AttentionEntry.subject == f"screening:{screening.id}", AttentionEntry.resolved_at.is_(None)
    )
    for entry_id in list(db.session.scalars(entries)):
        resolve_entry(entry_id, by=by, note="Looked at, at the desk of answers.")
    db.session.flush()
    _tell(screening)
    fire("screening_reviewed", screening_id=screening.id, client_id=screening.client_id)


def _tell(screening: Screening) -> None:
    client = db.session.get(Client, screening.client_id) if screening.client_id is not None else None
    address = client.email if client is not None and client.erased_at is None else screening.contact
    if address:
        mail.send(
            "looked_again",
            to=address,
            subject=f"A person at {setting('clinic.name')} has looked",
            key=f"looked-again:{screening.id}:{clock.now():%Y%m%d%H%M%S}",
            name=client.name if client else "",
            link=f"{current_app.config['SHOP'].site_url}/{'account/privacy' if client and client.user_id else 'bag'}",
        )


def _ask(kind: str, screening: Screening, reason: str) -> None:
    key = f"{kind}:{screening.id}:{clock.now():%Y%m%d%H%M}"
    raise_entry("screening", subject=f"screening:{screening.id}", reason=reason, what_to_do=LOOK, key=key)


def _waiting() -> Select[Any]:
    newest_letter = (
        select(func.max(SealedFile.made_at))
        .where(SealedFile.screening_id == Screening.id, SealedFile.purpose == "letter")
        .scalar_subquery()
    )
    asked = or_(Screening.reviewed_at.is_(None), Screening.reviewed_at < Screening.asked_again_at)
    brought = or_(Screening.reviewed_at.is_(None), Screening.reviewed_at < newest_letter)
    columns: tuple[Any, ...] = (
        Screening.id,
        Screening.client_id,
        Screening.treatment,
        Screening.asked_again_at,
        Client.name,
    )
    wanted: Select[Any] = select(*columns, newest_letter.label("letter_at")).outerjoin(
        Client, Client.id == Screening.client_id
    )
    return wanted.where(
        Screening.withdrawn_at.is_(None),
        or_(
            and_(Screening.asked_again_at.is_not(None), asked),
            and_(newest_letter.is_not(None), brought, Screening.signed_off_at.is_(None)),
        ),
    )


def _what(row: Any) -> tuple[str, datetime]:
    return ("A letter", row.letter_at) if row.letter_at else ("Asked for a person", row.asked_again_at)
