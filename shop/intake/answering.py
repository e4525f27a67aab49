"""Answers are kept sealed, decide at once by the rules of the day, and follow the person once she is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from shop.care.explaining_answers import decision_as_data
from shop.care.loading import screening_rules
from shop.care.screening import decide
from shop.core import clock
from shop.core.db import changed, db
from shop.core.settings import setting
from shop.intake import drafting, facts, reminding
from shop.intake.models import Screening, SealedFile
from shop.intake.standing import Standing, newest, replay, standings
from shop.intake.subjects import Subject

__all__ = ["Standing", "Subject", "adopt", "belongs_to", "newest", "replay", "save", "standings"]


def save(
    subject: Subject,
    treatment: str,
    answers: Mapping[str, Any],
    *,
    consent_version: int,
    valid_until: date | None = None,
) -> Screening:
    """Keep answers and what they decide today; earlier ones stay as they were, the newest count.

    Drops the draft, brings the person's facts up to date, and promises a reminder where the answer is to wait.
    """
    decision = decide(treatment, answers, clock.today(), rules=screening_rules())
    screening = Screening(
        treatment=treatment,
        **subject.owner,
        answers=dict(answers),
        decision=decision_as_data(decision),
        rules_version=decision.rules_version,
        consent_version=consent_version,
        consent_at=clock.now(),
        made_at=clock.now(),
        valid_until=valid_until or clock.today() + timedelta(days=setting("intake.valid_days")),
    )
    db.session.add(screening)
    db.session.flush()
    drafting.drop(subject, treatment)
    facts.learn(subject, answers)
    if decision.decision == "wait" and decision.until is not None:
        reminding.promise(screening.id, until=decision.until)
    return screening


def belongs_to(screening_ids: Iterable[int], client_id: int) -> None:
    """A browser's answers become a client's, with letters and facts; answers that have a client keep it."""
    ids = list(screening_ids)
    mine = (Screening.id.in_(ids), Screening.client_id.is_(None), Screening.browser_hash.is_not(None))
    for browser_hash in set(db.session.scalars(select(Screening.browser_hash).where(*mine))):
        adopt(str(browser_hash), client_id)


def adopt(browser_hash: str, client_id: int) -> None:
    """What this browser answered is the client's from now on."""
    theirs = (Screening.browser_hash == browser_hash, Screening.client_id.is_(None))
    ids = list(db.session.scalars(select(Screening.id).where(*theirs)))
    changed(update(SealedFile).where(SealedFile.screening_id.in_(ids)).values(client_id=client_id))
    changed(update(Screening).where(*theirs).values(client_id=client_id, browser_hash=None))
    drafting.adopt(browser_hash, client_id)
    facts.adopt(browser_hash, client_id)
