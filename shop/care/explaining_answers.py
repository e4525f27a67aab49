"""The pure engines answer from the shell as they answer on the pages: the same functions, as plain data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from shop.care.candidates import Candidate
from shop.care.claims import lint
from shop.care.matching import Hit, match
from shop.care.matching_rules import grade_words
from shop.care.questions import Question
from shop.care.screening import Decision, decide, questions
from shop.care.screening_rules import Rulebook

Answer = dict[str, Any]


def explain_screen(treatment: str, answers: Mapping[str, Any], *, on: date, rules: Rulebook | None = None) -> Answer:
    """`{"decision", "until", "reasons": []}` and what is still open, with ISO dates."""
    return decision_as_data(decide(treatment, answers, on, rules=rules))


def decision_as_data(decision: Decision) -> Answer:
    """A decision as it is stored and printed; it holds no answer of the person."""
    return {
        "decision": decision.decision,
        "until": decision.until.isoformat() if decision.until else None,
        "reasons": [dict(reason) for reason in decision.reasons],
        "missing": list(decision.missing),
        "problems": dict(decision.problems or {}),
        "doctor_first": decision.doctor_first,
        "rules_version": decision.rules_version,
    }


def explain_questions(treatment: str, *, rules: Rulebook | None = None) -> Answer:
    """`{"treatment", "questions": []}` in the order of the form, each with its key, kind, choices and purpose."""
    return {"treatment": treatment, "questions": [_question(one) for one in questions(treatment, rules=rules)]}


def explain_match(
    concern: str,
    products: Iterable[Candidate],
    *,
    skin: str | None = None,
    avoid: Iterable[str] | str = (),
    owned: Iterable[str | Candidate] = (),
    verdicts: Mapping[str, Any] | None = None,
    means: Mapping[str, Collection[str]] | None = None,
) -> Answer:
    """`{"concern", "steps": [{"step", "products": []}], "essentials", "keep", "refused"}`. Raises NotFound."""
    matched = match(concern, products, skin=skin, avoid=avoid, owned=owned, verdicts=verdicts, means=means)
    return {
        "concern": matched.concern,
        "label": matched.label,
        "note": matched.note,
        "steps": [{"step": step, "products": [_hit(hit) for hit in hits]} for step, hits in matched.steps],
        "essentials": [hit.slug for hit in matched.essentials],
        "keep": [_hit(hit) for hit in matched.keep],
        "nothing_to_buy": matched.is_nothing_to_buy,
        "refused": [{"product": one.slug, "kind": one.kind, "reason": one.reason} for one in matched.refused],
        "rule": {"rule": matched.concern, "version": matched.version, "source": matched.source},
    }


def explain_claims(text: str) -> Answer:
    """`{"publishable", "hits": [{"phrase", "start", "end", "rule", "version", "why", "source", "better"}]}`."""
    hits = [asdict(hit) for hit in lint(text)]
    return {"publishable": not hits, "hits": hits}


def _question(question: Question) -> Answer:
    return {
        "key": question.key,
        "text": question.text,
        "kind": question.kind,
        "why": question.why,
        "hint": question.hint,
        "group": question.group,
        "required": question.required,
        "options": [{"value": value, "label": label} for value, label in question.options],
        "shown_if": {key: list(answers) for key, answers in (question.shown_if or {}).items()},
    }


def _hit(hit: Hit) -> Answer:
    return {
        "product": hit.slug,
        "step": hit.step,
        "status": hit.status,
        "active": hit.active,
        "line": hit.line,
        "grade": hit.grade,
        "evidence": grade_words(hit.grade),
        "reason": hit.reason,
        "notes": list(hit.notes),
    }
