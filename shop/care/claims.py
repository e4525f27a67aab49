"""Words that promise too much are found before they are published, each with the rule and a better sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shop.care.claim_patterns import ClaimRule, claim_rules
from shop.care.plain_copy import read_copy


@dataclass(frozen=True)
class Hit:
    """A phrase as it stands in the copy, from `start` to `end`, with why it cannot stay and what to say instead."""

    phrase: str
    start: int
    end: int
    rule: str
    version: int
    why: str
    source: str
    better: str


def lint(text: str, *, rules: Sequence[ClaimRule] | None = None) -> list[Hit]:
    """Every phrase of the copy (plain, Markdown or HTML) that a rule speaks against, in order, none inside another."""
    copy = read_copy(text)
    return _outermost(
        [
            _hit(text, rule, *copy.span(start, end))
            for rule in (claim_rules() if rules is None else rules)
            for start, end in _spans(rule, copy.text)
        ]
    )


def _spans(rule: ClaimRule, text: str) -> Iterator[tuple[int, int]]:
    """Where a rule's phrases stand. After an innocent one the search goes on inside it."""
    for phrase in rule.phrases:
        place = 0
        while match := phrase.search(text, place):
            innocent = rule.is_innocent(text, *match.span())
            place = match.start() + 1 if innocent else match.end()
            if not innocent:
                yield match.span()


def _hit(text: str, rule: ClaimRule, start: int, end: int) -> Hit:
    return Hit(
        phrase=text[start:end],
        start=start,
        end=end,
        rule=rule.id,
        version=rule.version,
        why=rule.why,
        source=rule.source,
        better=rule.better,
    )


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Of phrases inside one another the longest; of equal ones the earlier rule."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        if not kept or hit.end > kept[-1].end:
            kept.append(hit)
    return kept
