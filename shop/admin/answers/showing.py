"""Answers in the words in which they were asked, beside what they decide today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from shop.accounts.assigning import Reader, seen_by
from shop.accounts.models import Client
from shop.care.screening import Decision, questions
from shop.core import clock
from shop.core.db import db
from shop.intake.models import Screening
from shop.intake.standing import replay

MOST = 50


@dataclass(frozen=True)
class Said:
    """One question and its answer; `counts` where a rule reads it."""

    group: str
    text: str
    answer: str


@dataclass(frozen=True)
class Opened:
    """A set of answers as the desk shows it once the reading is logged."""

    said: list[Said]
    decision: Decision
    missing: list[str]


def opened(screening: Screening) -> Opened:
    asked = {question.key: question for question in questions(screening.treatment)}
    said = [
        Said(question.group, question.text, _words(question, screening.answers[key]))
        for key, question in asked.items()
        if key in screening.answers
    ]
    decision = replay(screening, on=clock.today())
    return Opened(said, decision, [asked[key].text for key in decision.missing if key in asked])


def clients_named(text: str, *, reader: Reader) -> list[Client]:
    """Clients whose name or address holds the words; no health fact is searched."""
    words = text.strip().lower()
    if len(words) < 2:
        return []
    like = f"%{words.replace('%', '').replace('_', '')}%"
    found = select(Client).where(Client.erased_at.is_(None), or_(Client.name.ilike(like), Client.email.ilike(like)))
    found = found.where(seen_by(reader, Client.id))
    return list(db.session.scalars(found.order_by(Client.name, Client.id).limit(MOST)))


def sets_of(client_id: int) -> list[Screening]:
    """Every set of answers of a client that was not taken back, the newest first."""
    mine = select(Screening).where(Screening.client_id == client_id, Screening.withdrawn_at.is_(None))
    return list(db.session.scalars(mine.order_by(Screening.id.desc()).limit(MOST)))


def _words(question: Any, raw: Any) -> str:
    """ "yes" as "Yes", a choice by its label, a day and free words as they were given."""
    if question.kind == "yes_no":
        return "Yes" if str(raw).strip().lower() in ("yes", "y", "true", "1", "on") else "No"
    return dict(question.options).get(str(raw), str(raw))
