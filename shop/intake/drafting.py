"""Answers on their way are kept question by question, sealed, so that nobody begins again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from shop.core import clock
from shop.core.db import changed, db, insert_once
from shop.intake.models import ScreeningDraft
from shop.intake.subjects import Subject

KEPT = timedelta(days=30)


def keep(subject: Subject, treatment: str, answers: Mapping[str, Any]) -> None:
    """Keep what was answered so far; the last saving counts. Two at once end in one row."""
    key, now = _key(subject, treatment), clock.now()
    values = {"treatment": treatment, "client_id": subject.client_id, "answers": dict(answers), "saved_at": now}
    if not insert_once(ScreeningDraft, unique="key", key=key, **values):
        changed(update(ScreeningDraft).where(ScreeningDraft.key == key).values(answers=dict(answers), saved_at=now))


def find(subject: Subject, treatment: str) -> ScreeningDraft | None:
    """The open draft, if it is not too old."""
    if not subject.is_known:
        return None
    fresh = (ScreeningDraft.key == _key(subject, treatment), ScreeningDraft.saved_at > clock.now() - KEPT)
    return db.session.scalars(select(ScreeningDraft).where(*fresh)).first()


def drop(subject: Subject, treatment: str) -> None:
    changed(delete(ScreeningDraft).where(ScreeningDraft.key == _key(subject, treatment)))


def adopt(browser_hash: str, client_id: int) -> None:
    """A browser's drafts become the client's; one the client has already begun stays hers."""
    was = Subject(browser_hash=browser_hash)
    prefix = f"{was.key}|"
    for draft in list(db.session.scalars(select(ScreeningDraft).where(ScreeningDraft.key.startswith(prefix)))):
        client = Subject(client_id=client_id)
        if find(client, draft.treatment) is None:
            keep(client, draft.treatment, draft.answers)
        db.session.delete(draft)


def sweep() -> int:
    """Drop what nobody went on with."""
    return changed(delete(ScreeningDraft).where(ScreeningDraft.saved_at <= clock.now() - KEPT))


def _key(subject: Subject, treatment: str) -> str:
    return f"{subject.key}|{treatment}"
