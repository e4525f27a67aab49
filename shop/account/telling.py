"""What a client has told about her health, as she sees it herself: answers, what they mean today, and who has read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from shop.care.screening import questions
from shop.catalog.models import AddOn, Treatment
from shop.core import clock
from shop.core.db import db
from shop.intake import consenting
from shop.intake.facts import Facts, facts_of
from shop.intake.models import InformedConsent, Screening
from shop.intake.reading import WHYS, readings_of
from shop.intake.standing import standing_of
from shop.intake.subjects import Subject
from shop.wallet.models import Credit

MOST_READINGS = 20
WORDS = {
    "ok": ("Nothing speaks against it", "good"),
    "wait": ("To wait", "wait"),
    "letter": ("A letter first", "wait"),
    "no": ("Not for you now", "no"),
    "unanswered": ("Some questions are open", "wait"),
}


@dataclass(frozen=True)
class Told:
    """One set of answers."""

    id: int
    treatment: str
    name: str
    made_at: datetime
    valid_until: date
    word: str
    kind: str
    is_valid: bool


@dataclass(frozen=True)
class Read:
    at: datetime
    why: str


@dataclass(frozen=True)
class Health:
    """The health part of the page of one's own data."""

    told: list[Told]
    facts: Facts
    readings: list[Read]
    signed: list[tuple[str, InformedConsent, bool]]
    to_sign: list[tuple[str, str]]


def health_of(client_id: int | None) -> Health:
    if client_id is None:
        return Health([], Facts(), [], [], [])
    names = _names()
    rows = _answers(client_id)
    signed = consenting.consents_of(client_id)
    return Health(
        told=[_told(row, names) for row in rows],
        facts=facts_of(Subject(client_id=client_id)),
        readings=[Read(row.at, WHYS.get(row.why or "", "")) for row in readings_of(client_id)[:MOST_READINGS]],
        signed=[(names.get(row.about, row.about), row, consenting.is_in_force(row)) for row in signed],
        to_sign=[(one.about, names.get(one.about, "")) for one in consenting.unsigned(client_id, _bought(client_id))],
    )


def said_in(screening: Screening) -> Sequence[tuple[str, str]]:
    """(question, answer) of one's own set."""
    asked = [question for question in questions(screening.treatment) if question.key in screening.answers]
    return [(question.text, _words(question, str(screening.answers[question.key]))) for question in asked]


def _words(question: Any, raw: str) -> str:
    options = {"yes": "Yes", "no": "No"} if question.kind == "yes_no" else dict(question.options)
    return str(options.get(raw, raw))


def _told(row: Screening, names: dict[str, str]) -> Told:
    word, kind = WORDS.get(standing_of(row).decision, WORDS["unanswered"])
    name = names.get(f"treatment:{row.treatment}", row.treatment)
    is_valid = row.valid_until >= clock.today()
    return Told(row.id, row.treatment, name, row.made_at, row.valid_until, word, kind, is_valid)


def _answers(client_id: int) -> list[Screening]:
    mine = select(Screening).where(Screening.client_id == client_id, Screening.withdrawn_at.is_(None))
    return list(db.session.scalars(mine.order_by(Screening.id.desc()).limit(50)))


def _bought(client_id: int) -> list[str]:
    """What there are sessions of, treatments and add-ons."""
    open_ones = (Credit.client_id == client_id, Credit.free + Credit.held > 0)
    treatments = select(Treatment.slug).join(Credit, Credit.treatment_id == Treatment.id).where(*open_ones)
    addons = select(AddOn.slug).join(Credit, Credit.addon_id == AddOn.id).where(*open_ones)
    found = [f"treatment:{slug}" for slug in db.session.scalars(treatments.distinct().order_by(Treatment.slug))]
    return found + [f"addon:{slug}" for slug in db.session.scalars(addons.distinct().order_by(AddOn.slug))]


def _names() -> dict[str, str]:
    found = {f"treatment:{slug}": name for slug, name in db.session.execute(select(Treatment.slug, Treatment.name))}
    return found | {f"addon:{slug}": name for slug, name in db.session.execute(select(AddOn.slug, AddOn.name))}
