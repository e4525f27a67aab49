"""A phrase of the rulebook, written for people, becomes a pattern: whole words, any white space, innocent readings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shop.care.rule_files import read_rules

_AROUND = 160
_WORD = r"[\w'%]+,?"
_PLACEHOLDERS = {
    "<w3>": rf"(?:{_WORD} ){{0,3}}",
    "<gap>": rf"(?:{_WORD} ){{0,5}}",
    "<w>": rf"(?:{_WORD} )",
    "<adj>": r"(?:(?:your|the|all|any|adult|mild|severe|stubborn|active|chronic|signs|symptoms|of|existing|new|and|visible|early"
    r"|old|deep|raised|small|future|further|painful|itchy|teenage|hormonal) ){0,4}",
    "<hit>": "\0",
}
_CLAUSE = r"(?: (?!and\b|but\b|while\b|yet\b|so\b|because\b|just\b|or\b)[\w'-]+){0,6} $"
_SAID_NO = {
    "verb": re.compile(
        r"(?:\b(?:not(?! only| just| merely)|never(?! before)|cannot|nor|neither|nobody|none|nothing|no(?! more| other| wonder| doubt| longer))"
        rf"|n't){_CLAUSE}|\bwithout(?: [\w'-]+)? $",
        re.IGNORECASE,
    ),
    "near": re.compile(
        r"(?:\b(?:not|never|cannot|nor|neither|nothing|nobody|no one|no|without)|n't)"
        r"(?: (?:a|an|any|be|been|the|to|yet|always|promise|say|claim|call|called|it|is|are|can|will|could)){0,2} $",
        re.IGNORECASE,
    ),
}
_OUTDONE = re.compile(r"^ ?(?:away |off )?(?:like|better|faster|quicker|as well|more) ", re.IGNORECASE)


@dataclass(frozen=True)
class ClaimRule:
    """One rule of the claim lint, ready to search with."""

    id: str
    version: int
    why: str
    better: str
    source: str
    phrases: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    said_no: re.Pattern[str] | None

    def is_innocent(self, text: str, start: int, end: int) -> bool:
        """Whether the words around a phrase turn it into its opposite or into something else."""
        before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
        if any(innocent.search(f"{before}\0{after}") for innocent in self.unless):
            return True
        return bool(self.said_no and self.said_no.search(before) and not _OUTDONE.match(after))


@lru_cache(maxsize=8)
def claim_rules(version: str | None = None) -> tuple[ClaimRule, ...]:
    """The rules of one published version, the newest by default."""
    return read_claim_rules(read_rules("claims", version))


def read_claim_rules(book: Mapping[str, Any]) -> tuple[ClaimRule, ...]:
    return tuple(
        ClaimRule(
            id=rule["id"],
            version=rule["version"],
            why=rule["why"],
            better=rule["better"],
            source=rule["source"],
            phrases=tuple(_pattern(phrase, book["lists"]) for phrase in rule["phrases"]),
            unless=tuple(_pattern(phrase, book["lists"]) for phrase in rule.get("unless", ())),
            said_no=_SAID_NO.get(rule["said_no"]),
        )
        for rule in book["rule"]
    )


def _pattern(phrase: str, lists: Mapping[str, str]) -> re.Pattern[str]:
    """Lists and placeholders first, then each space becomes white space or a hyphen; `spelled ?out` joins too."""
    for name, words in lists.items():
        phrase = phrase.replace(f"{{{name}}}", words)
    for short, long in _PLACEHOLDERS.items():
        phrase = phrase.replace(short, long)
    spaced = re.sub(r" (\??)", lambda space: "[ -]?" if space[1] else "[ -]+", phrase)
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)", re.IGNORECASE)
