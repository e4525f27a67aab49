"""Notes about a client, for those who treat: sealed, dated, never changed."""

from __future__ import annotations

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db, insert_once
from shop.core.errors import Refused
from shop.intake.models import ClientNote

LONGEST, MOST = 4000, 60


def write_note(client_id: int, words: str, *, by: str, cause: str) -> None:
    """The same `cause` again writes nothing. Raises Refused."""
    said = words.strip()
    if not said:
        raise Refused("Write a few words first.", field="words")
    if len(said) > LONGEST:
        raise Refused(f"Please keep it to {LONGEST} characters.", field="words")
    facts = {"client_id": client_id, "words": said, "by": by, "made_at": clock.now()}
    insert_once(ClientNote, unique="cause", cause=f"note:{cause}", **facts)


def notes_of(client_id: int) -> list[ClientNote]:
    """The newest first."""
    mine = select(ClientNote).where(ClientNote.client_id == client_id)
    return list(db.session.scalars(mine.order_by(ClientNote.id.desc()).limit(MOST)))
