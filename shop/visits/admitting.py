"""Answers that speak against a treatment speak against its appointment too, with a day from which it is possible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shop.core.settings import setting
from shop.core.templating import day
from shop.intake.answering import Standing, Subject, standings
from shop.visits.matters import Matter

KINDLY = "Your answers need a person's eye before this treatment. Please call us, or book a consultation."


@dataclass(frozen=True)
class Admission:
    """Whether the client's own answers let them book; `first` is the day from which they do, if one is known."""

    decision: str
    problem: str = ""
    first: date | None = None

    @property
    def must_answer(self) -> bool:
        """Asked kindly, never a reason to refuse: the answers are given before the needle, not before the diary."""
        return self.decision == "unanswered"


def admit(matter: Matter) -> Admission:
    """Consultations and reviews are open to everybody: that is where doubts are talked about."""
    if matter.slug is None or not setting("intake.binds"):
        return Admission("ok")
    return read(standings(Subject(client_id=matter.client_id), [matter.slug])[matter.slug])


def read(standing: Standing) -> Admission:
    """What a decision means for an appointment."""
    if standing.decision == "wait" and standing.until:
        words = f"By your answers this treatment is possible from {day(standing.until)}."
        return Admission("wait", words, standing.until)
    if standing.decision in ("no", "letter", "wait"):
        return Admission(standing.decision, KINDLY)
    return Admission(standing.decision)
