"""The answers decide before money is taken: any rule that matches wins, the strictest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from shop.care.questions import Question, is_shown, questions_for
from shop.care.reading_answers import Value, read_answers
from shop.care.saying_dates import say_day
from shop.care.screening_rules import STRICTEST_FIRST, Rule, Rulebook, load_rules

ENGINE = "every-question-answered"
OPEN = "Please answer this question."


class Reason(TypedDict):
    """Why, in a sentence for the person, with the rule that says so; ready to be stored as it is."""

    rule: str
    version: int
    decision: str
    until: str | None
    sentence: str
    source: str


@dataclass(frozen=True)
class Decision:
    """What the answers decide on one day.

    `missing` and `problems` matter beside a letter or a wait too: whoever signs a letter off asks
    the open questions first, since one of them may still be a no.
    """

    decision: str
    until: date | None
    reasons: tuple[Reason, ...]
    rules_version: str
    missing: tuple[str, ...] = ()
    problems: Mapping[str, str] | None = None
    doctor_first: bool = False

    @property
    def is_complete(self) -> bool:
        return not self.missing


def questions(treatment: str, *, rules: Rulebook | None = None) -> list[Question]:
    """What a person is asked before this treatment, in order, follow-up questions included."""
    return questions_for(treatment, (rules or load_rules()).questions)


def decide(treatment: str, answers: Mapping[str, Any], on: date, *, rules: Rulebook | None = None) -> Decision:
    """Whether the treatment can be sold on that local day. The same arguments always decide the same.

    Answers that cannot be read count as open and come back in `problems`, a sentence each.
    """
    book = rules or load_rules()
    asked = questions(treatment, rules=book)
    values, problems = read_answers(asked, answers, on=on)
    values = _drop_hidden(asked, values)
    matched = [rule for rule in book.rules if rule.matches(treatment, values, on)]
    missing = _missing(asked, values, problems)
    return _conclude(book, matched, values, missing, problems, on)


def _drop_hidden(asked: list[Question], values: dict[str, Value]) -> dict[str, Value]:
    """Answers of questions that the person no longer sees do not count; undecided ones do."""
    kept: dict[str, Value] = {}
    for question in asked:
        if question.key in values and is_shown(question, kept) is not False:
            kept[question.key] = values[question.key]
    return kept


def _missing(asked: list[Question], values: dict[str, Value], problems: dict[str, str]) -> tuple[str, ...]:
    """The questions that the person sees and has still to answer, and every answer that cannot be read."""
    return tuple(
        question.key
        for question in asked
        if (question.key in problems and is_shown(question, values) is not False)
        or (question.required and question.key not in values and is_shown(question, values))
    )


def _conclude(
    book: Rulebook,
    matched: list[Rule],
    values: dict[str, Value],
    missing: tuple[str, ...],
    problems: dict[str, str],
    on: date,
) -> Decision:
    reasons = [_reason(rule, values, on) for rule in matched]
    if missing and "no" not in {rule.decision for rule in matched}:  # nobody fills in a form for a no
        reasons.append(_open_reason(len(missing)))
    reasons.sort(key=lambda reason: STRICTEST_FIRST.index(reason["decision"]))
    decision = reasons[0]["decision"] if reasons else "ok"
    waits = [until for rule in matched if (until := rule.until(values, on))]
    return Decision(
        decision=decision,
        until=max(waits) if decision == "wait" else None,
        reasons=tuple(reasons),
        rules_version=book.version,
        missing=missing,
        problems={key: problems.get(key, OPEN) for key in missing},
        doctor_first=any(rule.doctor_first for rule in matched),
    )


def _reason(rule: Rule, values: dict[str, Value], on: date) -> Reason:
    until = rule.until(values, on)
    return Reason(
        rule=rule.id,
        version=rule.version,
        decision=rule.decision,
        until=until.isoformat() if until else None,
        sentence=rule.reason.replace("{until}", say_day(until) if until else ""),
        source=rule.source,
    )


def _open_reason(count: int) -> Reason:
    said = "One question is still open." if count == 1 else f"{count} questions are still open."
    return Reason(
        rule=ENGINE,
        version=1,
        decision="unanswered",
        until=None,
        sentence=f"{said} We decide when all are answered.",
        source="How the shop works",
    )
