"""How long before and after a session a class of ingredients rests, and what pregnancy asks: versioned rules with sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

from shop.care.tables import read_rows, several

EVERY = "*"
Rule = TypeVar("Rule", "WindowRule", "ConditionRule")


@dataclass(frozen=True, slots=True, eq=False)
class WindowRule:
    """One class rests from `before_days` before a session until `after_days` after it, when it may return.

    `names` narrows the rule to these INCI names; `max_position` to the first places of the list. A rule with an
    `addon` counts when the session has it. A `welcome` rule only keeps the hours of the session's own days free.
    """

    id: str
    version: int
    kind: str
    of_class: str
    names: frozenset[str]
    before_days: int
    after_days: int
    max_position: int | None
    treatments: tuple[str, ...]
    addon: str
    source: str
    author: str
    review_on: date
    since: date

    def is_for(self, treatment: str, addons: Iterable[str]) -> bool:
        """Whether the rule counts for a session of this treatment with these add-ons."""
        return (EVERY in self.treatments or treatment in self.treatments) and (not self.addon or self.addon in addons)


@dataclass(frozen=True, slots=True, eq=False)
class ConditionRule:
    """What a condition such as pregnancy says of a class: `no`, or `ask`, with the sentence for the person."""

    id: str
    version: int
    of_class: str
    names: frozenset[str]
    verdict: str
    sentence: str
    source: str
    author: str
    review_on: date
    since: date


@dataclass(frozen=True, eq=False)
class Rulebook:
    """The rules in force together. Two books are the same only when they are one object, so labels may remember them."""

    windows: tuple[WindowRule, ...]
    pregnancy: tuple[ConditionRule, ...]

    def due_for_review(self, *, on: date) -> list[str]:
        """The rules whose review date has come."""
        due = [rule.id for rule in self.windows if rule.review_on <= on]
        return due + [rule.id for rule in self.pregnancy if rule.review_on <= on]


def rulebook(
    windows: Iterable[Mapping[str, str]],
    pregnancy: Iterable[Mapping[str, str]],
    *,
    on: date | None = None,
    versions: Mapping[str, int] | None = None,
) -> Rulebook:
    """A book of the newest rules begun by `on`; `versions` names older ones, so that an old decision replays identically."""
    return Rulebook(
        tuple(_in_force(map(_window, windows), on=on, versions=versions or {})),
        tuple(_in_force(map(_condition, pregnancy), on=on, versions=versions or {})),
    )


@lru_cache(maxsize=16)
def starter_rules(on: date | None = None) -> Rulebook:
    """The rules that the shop starts with."""
    return rulebook(read_rows("windows"), read_rows("pregnancy"), on=on)


def _in_force(rules: Iterable[Rule], *, on: date | None, versions: Mapping[str, int]) -> Iterable[Rule]:
    chosen: dict[str, Rule] = {}
    for rule in rules:
        wanted = versions.get(rule.id)
        if wanted not in (None, rule.version) or (wanted is None and on and rule.since > on):
            continue
        if rule.id not in chosen or rule.version > chosen[rule.id].version:
            chosen[rule.id] = rule
    return chosen.values()


def _window(row: Mapping[str, str]) -> WindowRule:
    return WindowRule(
        row["id"],
        int(row["version"]),
        row["kind"],
        row["class"],
        frozenset(several(row["names"])),
        int(row["before_days"]),
        int(row["after_days"]),
        int(row["max_position"]) if row["max_position"] else None,
        several(row["treatments"]),
        row["addon"],
        row["source"],
        row["author"],
        date.fromisoformat(row["review_on"]),
        date.fromisoformat(row["since"]),
    )


def _condition(row: Mapping[str, str]) -> ConditionRule:
    return ConditionRule(
        row["id"],
        int(row["version"]),
        row["class"],
        frozenset(several(row["names"])),
        row["verdict"],
        row["sentence"],
        row["source"],
        row["author"],
        date.fromisoformat(row["review_on"]),
        date.fromisoformat(row["since"]),
    )
