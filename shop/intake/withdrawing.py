"""Consent is taken back: answers, letters, facts and drafts are gone at once and decide nothing any more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select, update

from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.db import changed, db
from shop.core.history import record
from shop.intake.models import (
    ChangeCheck,
    ClientFacts,
    ClientNote,
    CupboardItem,
    DiaryConsent,
    DiaryEntry,
    InformedConsent,
    PatchTest,
    Screening,
    ScreeningDraft,
    SealedFile,
)
from shop.intake.subjects import Subject

EMPTY: dict[str, Any] = {"answers": {}, "decision": {}, "review": None, "contact": None}


def withdraw(subject: Subject, *, by: str) -> int:
    """Empty every set of answers; the rows stay as proof that something was asked and taken back."""
    if not subject.is_known:
        return 0
    mine = list(db.session.scalars(select(Screening.id).where(subject.owns(Screening), Screening.withdrawn_at.is_(None))))
    changed(delete(SealedFile).where(SealedFile.screening_id.in_(mine)))
    changed(update(Screening).where(Screening.id.in_(mine)).values(withdrawn_at=clock.now(), **EMPTY))
    changed(delete(ClientFacts).where(subject.owns(ClientFacts)))
    changed(delete(ScreeningDraft).where(or_(*(ScreeningDraft.key.startswith(f"{key}|") for key in subject.keys))))
    if mine and subject.client_id is not None:
        record(f"client:{subject.client_id}", axis="health-consent", was="given", now="withdrawn", by=by)
        _settle_sessions(subject.client_id)
    return len(mine)


def forget(client_id: int, *, keeps_record: bool) -> None:
    """The person is forgotten. Signed consents and patch tests stay only beside a treatment record, as the law asks."""
    changed(delete(ChangeCheck).where(ChangeCheck.client_id == client_id))
    changed(delete(CupboardItem).where(CupboardItem.client_id == client_id))
    own = select(Screening.id).where(Screening.client_id == client_id)
    diary = select(DiaryEntry.id).where(DiaryEntry.client_id == client_id)
    changed(delete(DiaryConsent).where(DiaryConsent.entry_id.in_(diary)))
    changed(delete(DiaryEntry).where(DiaryEntry.client_id == client_id))
    changed(delete(SealedFile).where(or_(SealedFile.client_id == client_id, SealedFile.screening_id.in_(own))))
    for model in (Screening, ScreeningDraft, ClientFacts, ClientNote):
        changed(delete(model).where(model.client_id == client_id))
    if not keeps_record:
        for paper in (InformedConsent, PatchTest):
            changed(delete(paper).where(paper.client_id == client_id))


def _settle_sessions(client_id: int) -> None:
    """Without answers nobody may treat: what was paid for and not used is settled by a person."""
    raise_entry(
        "consent",
        subject=f"client:{client_id}",
        reason="A client has taken back the consent to keep health answers.",
        what_to_do="Look whether sessions are left or booked; if so, call the client and refund what is unused.",
        key=f"consent:{client_id}:{clock.today().isoformat()}",
    )
