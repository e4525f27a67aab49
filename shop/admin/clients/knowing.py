"""What those who treat see of a client at a glance: concerns, skin, allergies, decisions with their days, cupboard and notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from shop.accounts.models import User
from shop.care.questions import load_questions
from shop.catalog.models import Concern, Treatment
from shop.core.db import db
from shop.intake.facts import Facts, facts_of
from shop.intake.models import Screening
from shop.intake.notes import notes_of
from shop.intake.subjects import Subject
from shop.orders.owning import Owned, owned_by
from shop.plans.lines import read_content
from shop.plans.models import Plan, PlanText, PlanVersion

MOST = 12
DECISIONS = {
    "ok": ("may be treated", "good"),
    "letter": ("a doctor’s letter first", "wait"),
    "wait": ("wait", "wait"),
    "no": ("not suitable", "no"),
    "unanswered": ("not all answered", "quiet"),
}
SKIN = ("phototype", "dark_marks")


@dataclass(frozen=True)
class Decided:
    """What one set of answers came to on its day."""

    screening_id: int
    at: datetime
    treatment: str
    words: tuple[str, str]
    until: date | None


@dataclass(frozen=True)
class Said:
    """One note of the clinic."""

    at: datetime
    by: str
    words: str


@dataclass(frozen=True)
class Known:
    """`concerns` are (what the clinic calls it, the client's own words)."""

    facts: Facts
    skin: list[tuple[str, str]]
    decisions: list[Decided]
    concerns: list[tuple[str, str]]
    cupboard: list[Owned]
    notes: list[Said]


def known_of(client_id: int) -> Known:
    """A fixed number of statements. The reading was written down before."""
    sets = _sets(client_id)
    names = dict(db.session.execute(select(Treatment.slug, Treatment.name)).all())
    return Known(
        facts=facts_of(Subject(client_id=client_id)),
        skin=_skin(sets),
        decisions=[_decided(row, names) for row in sets],
        concerns=_concerns(client_id),
        cupboard=owned_by(client_id),
        notes=_notes(client_id),
    )


def _sets(client_id: int) -> list[Screening]:
    mine = select(Screening).where(Screening.client_id == client_id, Screening.withdrawn_at.is_(None))
    return list(db.session.scalars(mine.order_by(Screening.id.desc()).limit(MOST)))


def _decided(row: Screening, names: dict[str, str]) -> Decided:
    told: dict[str, Any] = row.decision or {}
    until = told.get("until")
    words = (
        ("looked at and let pass", "good")
        if row.signed_off_at
        else DECISIONS.get(told.get("decision", ""), ("answered", ""))
    )
    day = date.fromisoformat(until) if isinstance(until, str) and until else None
    return Decided(row.id, row.made_at, names.get(row.treatment, row.treatment), words, day)


def _skin(sets: list[Screening]) -> list[tuple[str, str]]:
    """By the newest answer to each question about the skin."""
    asked = {one.key: one for one in load_questions() if one.key in SKIN}
    found = []
    for key in SKIN:
        told = next((row.answers[key] for row in sets if (row.answers or {}).get(key)), None)
        if told is not None and key in asked:
            found.append((asked[key].text, dict(asked[key].options).get(str(told), str(told).capitalize())))
    return found


def _concerns(client_id: int) -> list[tuple[str, str]]:
    """From the plans, the newest first; each once."""
    rows = select(PlanText.content).join(PlanVersion, PlanVersion.id == PlanText.version_id)
    rows = rows.join(Plan, (Plan.id == PlanVersion.plan_id) & (Plan.version == PlanVersion.number))
    contents = [
        read_content(raw) for raw in db.session.scalars(rows.where(Plan.client_id == client_id).order_by(Plan.id.desc()))
    ]
    names = dict(db.session.execute(select(Concern.slug, Concern.name)).all())
    told = [(names.get(one.concern, one.concern), one.goal) for one in contents if one.concern or one.goal]
    return list(dict.fromkeys(told))[:MOST]


def _notes(client_id: int) -> list[Said]:
    notes = notes_of(client_id)
    ids = {int(one.by.partition(":")[2]) for one in notes if one.by.startswith("user:")}
    names = dict(db.session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())
    return [Said(one.made_at, names.get(int(one.by.partition(":")[2] or 0), ""), one.words) for one in notes]
