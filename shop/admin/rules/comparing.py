"""What two editions of a book say differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shop.admin.rules.books import rules_in

HIDDEN = ("kind_of_row",)


@dataclass(frozen=True)
class Difference:
    """One field of one rule; `was` or `now` is empty where the rule is only in one of both."""

    rule: str
    field: str
    was: str
    now: str


def differences(book: str, one: str, other: str) -> list[Difference]:
    """In the order of the rules. Raises NotFound for an edition that never was."""
    before, after = rules_in(book, one), rules_in(book, other)
    names = [*after, *(name for name in before if name not in after)]
    return [difference for name in names for difference in _of_rule(name, before.get(name, {}), after.get(name, {}))]


def _of_rule(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    fields = [field for field in {**before, **after} if field not in HIDDEN]
    pairs = ((field, _words(before.get(field)), _words(after.get(field))) for field in fields)
    return [Difference(name, field, was, now) for field, was, now in pairs if was != now]


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(inner)}" for name, inner in value.items())
    return ", ".join(map(_words, value)) if isinstance(value, list) else "" if value is None else str(value)
