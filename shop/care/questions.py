"""What a person is asked before a treatment: each question says why, and appears only where it matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shop.care.reading_answers import Value
from shop.care.rule_files import read_rules
from shop.core.errors import Refused

KINDS = ("yes_no", "date", "choice", "text")


@dataclass(frozen=True)
class Question:
    """One question; `shown_if` maps other questions to the answers that make this one appear."""

    key: str
    text: str
    kind: str
    why: str
    group: str = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    shown_if: Mapping[str, tuple[str, ...]] | None = None
    required: bool = True
    treatments: tuple[str, ...] = ("*",)

    def is_for(self, treatment: str) -> bool:
        return "*" in self.treatments or treatment in self.treatments


@lru_cache(maxsize=16)
def load_questions(version: str | None = None) -> tuple[Question, ...]:
    """Every question of one published version, the newest by default."""
    return read_questions(read_rules("questions", version)["question"])


def read_questions(entries: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions from data. Raises Refused when an entry cannot work."""
    found: dict[str, Question] = {}
    for entry in entries:
        question = _read(entry)
        unknown = set(question.shown_if or {}) - set(found)
        if question.kind not in KINDS or question.key in found or unknown:
            raise Refused(f"The question “{question.key}” needs a known kind, a key of its own and follow-ups in order.")
        found[question.key] = question
    return tuple(found.values())


def questions_for(treatment: str, every: Sequence[Question]) -> list[Question]:
    return [question for question in every if question.is_for(treatment)]


def is_shown(question: Question, values: Mapping[str, Value]) -> bool | None:
    """Whether the person sees this question now; None while a question before it is open."""
    state: bool | None = True
    for key, answers in (question.shown_if or {}).items():
        if key not in values:
            state = None
        elif word(values[key]) not in answers:
            return False
    return state


def word(value: Value) -> str:
    """A value as rules write it: yes and no for the two answers, else as it stands."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _read(entry: Mapping[str, Any]) -> Question:
    shown_if = {key: tuple(answers) for key, answers in entry.get("shown_if", {}).items()}
    return Question(
        key=entry["key"],
        text=entry["text"],
        kind=entry["kind"],
        why=entry["why"],
        group=entry.get("group", ""),
        hint=entry.get("hint", ""),
        options=tuple((key, label) for key, label in entry.get("options", ())),
        shown_if=shown_if or None,
        required=entry.get("required", True),
        treatments=tuple(entry.get("treatments", ("*",))),
    )
