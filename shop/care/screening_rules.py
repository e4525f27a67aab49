"""A screening rule: under which answers a treatment is refused, waits or needs a letter, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from shop.care.questions import Question, load_questions, word
from shop.care.reading_answers import Value
from shop.care.rule_files import FOLDER, read_rules, spell_out
from shop.core.clock import add_months
from shop.core.errors import Refused

STRICTEST_FIRST = ("no", "wait", "letter", "unanswered", "ok")
TODAY = "today"


@dataclass(frozen=True)
class Span:
    """A length of time; months are added first, and land on the month's last day where it is shorter."""

    months: int = 0
    weeks: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        return add_months(day, self.months) + timedelta(weeks=self.weeks, days=self.days)


@dataclass(frozen=True)
class Condition:
    """An answer that is one of `words`, or a day that lies `within` a span before today."""

    question: str
    words: tuple[str, ...] = ()
    within: Span | None = None

    def holds(self, values: Mapping[str, Value], on: date) -> bool:
        value = values.get(self.question)
        if value is None:
            return False
        if self.within is not None:
            return isinstance(value, date) and on < self.within.after(value)
        return word(value) in self.words


@dataclass(frozen=True)
class Rule:
    """One sourced entry of the rulebook; all its conditions must hold."""

    id: str
    decision: str
    reason: str
    source: str
    author: str
    review_on: date
    version: int = 1
    treatments: tuple[str, ...] = ("*",)
    when: tuple[Condition, ...] = ()
    wait: Span | None = None
    wait_after: str = ""
    doctor_first: bool = False

    def matches(self, treatment: str, values: Mapping[str, Value], on: date) -> bool:
        applies = "*" in self.treatments or treatment in self.treatments
        return applies and all(condition.holds(values, on) for condition in self.when)

    def until(self, values: Mapping[str, Value], on: date) -> date | None:
        """The first day on which this rule no longer speaks against the treatment."""
        start = on if self.wait_after == TODAY else values.get(self.wait_after)
        return self.wait.after(start) if self.wait and isinstance(start, date) else None


@dataclass(frozen=True)
class Rulebook:
    """The rules and questions that were in force together, under one version."""

    version: str
    rules: tuple[Rule, ...]
    questions: tuple[Question, ...]


@lru_cache(maxsize=16)
def load_rules(version: str | None = None, *, folder: Path = FOLDER) -> Rulebook:
    """One published version of the rulebook, the newest by default; raises NotFound."""
    return read_rulebook(read_rules("screening", version, folder=folder))


def read_rulebook(book: Mapping[str, Any], questions: tuple[Question, ...] | None = None) -> Rulebook:
    """A rulebook from data, a clinic's own copy included. Raises Refused when a rule cannot work."""
    asked = questions or load_questions(book["questions"])
    rules = tuple(_read(entry) for entry in spell_out(book)["rule"])
    for rule in rules:
        _refuse_broken(rule, {question.key for question in asked})
    return Rulebook(version=str(book["version"]), rules=rules, questions=asked)


def _read(entry: Mapping[str, Any]) -> Rule:
    wait = dict(entry.get("wait", {}))
    after = wait.pop("after", "")
    span = Span(**wait) if wait else None
    when = tuple(_read_condition(condition) for condition in entry.get("when", ()))
    if span and after != TODAY:
        when = (*when, Condition(after, within=span))
    return Rule(
        id=entry["id"],
        decision=entry["decision"],
        reason=entry["reason"],
        source=entry["source"],
        author=entry["author"],
        review_on=entry["review_on"],
        version=entry["version"],
        treatments=tuple(entry.get("treatments", ("*",))),
        when=when,
        wait=span,
        wait_after=after,
        doctor_first=entry.get("doctor_first", False),
    )


def _read_condition(entry: Mapping[str, Any]) -> Condition:
    within = Span(**entry["within"]) if "within" in entry else None
    return Condition(entry["question"], tuple(entry.get("is", ())), within)


def _refuse_broken(rule: Rule, asked: set[str]) -> None:
    if rule.decision not in STRICTEST_FIRST[:3]:
        raise Refused(f"The rule “{rule.id}” must end in no, wait or letter.")
    if (rule.decision == "wait") != bool(rule.wait and rule.wait_after):
        raise Refused(f"The rule “{rule.id}” must say how long to wait after which answer, or not be a wait.")
    unknown = {condition.question for condition in rule.when} - asked
    if unknown or not rule.when:
        raise Refused(f"The rule “{rule.id}” looks at an answer that nobody is asked for.")
