"""The form of one treatment: which questions are open now, what was typed, and what is still missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from shop.care.questions import Question, is_shown
from shop.care.reading_answers import read_answers
from shop.care.screening import questions
from shop.core import clock

# What may be different next week is asked anew each time, and shortly before a visit.
CHANGES = (
    "pregnant", "breastfeeding", "blood_thinner", "isotretinoin", "isotretinoin_stopped", "antibiotics",
    "antibiotics_finished", "medicines", "cold_sore", "skin_trouble", "sunburn", "surgery", "surgery_on", "tattoo", "tattoo_on",
    "laser", "laser_on", "vaccine", "vaccine_on", "new_swelling", "changing_mole",
)  # fmt: skip
SOON = (
    "pregnant", "breastfeeding", "blood_thinner", "antibiotics", "antibiotics_finished", "cold_sore", "skin_trouble",
    "sunburn", "vaccine", "vaccine_on", "new_swelling",
)  # fmt: skip


@dataclass
class Asked:
    """One question as the page shows it."""

    key: str
    text: str
    kind: str
    why: str
    hint: str
    options: list[tuple[str, str]]
    value: str
    problem: str


@dataclass
class Form:
    """Groups of questions in order; `is_complete` when every open question has a readable answer."""

    groups: list[tuple[str, list[Asked]]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    missing: int = 0

    @property
    def is_complete(self) -> bool:
        return self.missing == 0

    @property
    def keys(self) -> list[str]:
        """The questions that are open now, in order."""
        return [asked.key for _, group in self.groups for asked in group]

    @property
    def answered(self) -> int:
        return sum(bool(asked.value.strip()) for _, group in self.groups for asked in group)

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [(asked.key, asked.problem) for _, group in self.groups for asked in group if asked.problem]


def fill(treatment: str, given: Mapping[str, str], *, is_sent: bool, only: Collection[str] | None = None) -> Form:
    """Read what was typed. Questions that depend on an answer appear once it is given; hidden ones are forgotten.

    `only` asks these alone; what they depend on is taken from `given`.
    """
    every = questions(treatment)
    values, problems = read_answers(every, given, on=clock.today())
    form = Form()
    groups: dict[str, list[Asked]] = {}
    for question in every:
        if not is_shown(question, values) or (only is not None and question.key not in only):
            continue
        raw = given.get(question.key, "")
        problem = problems.get(question.key, "")
        if question.required and not raw.strip():
            form.missing += 1
            problem = "Please answer this one." if is_sent else ""
        elif problem:
            form.missing += 1
        if raw.strip():
            form.answers[question.key] = raw
        groups.setdefault(question.group, []).append(_asked(question, raw, problem))
    form.groups = list(groups.items())
    return form


def worth_asking_again(answers: Mapping[str, Any]) -> dict[str, str]:
    """Of earlier answers what the person need not type again."""
    return {key: str(value) for key, value in answers.items() if key not in CHANGES}


def _asked(question: Question, raw: str, problem: str) -> Asked:
    options = [("yes", "Yes"), ("no", "No")] if question.kind == "yes_no" else list(question.options)
    return Asked(question.key, question.text, question.kind, question.why, question.hint, options, raw, problem)
