"""Which ingredients are a reason for which concern: by step, by their place in the list, with how well it is tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shop.care.rule_files import read_rules
from shop.core.errors import NotFound

UNKNOWN_SKIN: Mapping[str, Any] = {"refuse": {}, "last": []}


@dataclass(frozen=True)
class Active:
    """One ingredient that speaks for a product; `steps` empty means at every step, `is_common` only where nothing else does."""

    name: str
    grade: str
    steps: tuple[str, ...] = ()
    max_line: int | None = None
    is_common: bool = False

    def speaks_for(self, step: str, line: int) -> bool:
        return (not self.steps or step in self.steps) and (self.max_line is None or line <= self.max_line)


@dataclass(frozen=True)
class Slot:
    """One of the steps that matter most; `any_of` narrows it to products with one of these ingredients."""

    step: str
    any_of: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ConcernRules:
    """What one concern asks of a product, skin type included."""

    concern: str
    label: str
    note: str
    areas: tuple[str, ...]
    actives: Mapping[str, Active]
    refuse: Mapping[str, str]
    last: frozenset[str]
    essentials: tuple[Slot, ...]
    step_order: tuple[str, ...]
    version: int
    source: str


@lru_cache(maxsize=128)
def rules_for(concern: str, skin: str | None = None, *, version: str | None = None) -> ConcernRules:
    """The rules of one concern for one skin type. Raises NotFound for a concern nobody has written rules for."""
    book = read_rules("matching", version)
    rule = next((rule for rule in book["rule"] if rule["id"] == concern and rule["label"]), None)
    if rule is None:
        raise NotFound("We have no rules for this concern yet.")
    for_skin = book["skin"].get(skin, UNKNOWN_SKIN)
    return ConcernRules(
        concern=concern,
        label=rule["label"],
        note=rule["note"],
        areas=tuple(rule["areas"]),
        actives=_actives(book, rule),
        refuse={**rule.get("refuse", {}), **for_skin["refuse"], **book["never"]},
        last=frozenset(rule.get("last", ())) | frozenset(for_skin["last"]),
        essentials=tuple(Slot(slot["step"], frozenset(slot.get("any", ()))) for slot in rule["essentials"]),
        step_order=tuple(book["step_order"]),
        version=rule["version"],
        source=rule["source"],
    )


def concerns(*, version: str | None = None) -> list[str]:
    """The concerns that have rules."""
    return [rule["id"] for rule in read_rules("matching", version)["rule"] if rule["label"]]


def grade_words(grade: str, *, version: str | None = None) -> str:
    words: Mapping[str, str] = read_rules("matching", version)["grades"]
    return words[grade]


def _actives(book: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Active]:
    """The concern's own ingredients, then those that serve every concern of the face."""
    shared = [entry for other in book["rule"] if rule["id"] in other.get("concerns", ()) for entry in other["actives"]]
    own = [_active(entry) for entry in rule["actives"]]
    found = {active.name: active for active in own}
    for active in map(_active, shared):
        found[active.name] = _both(found.get(active.name), active)
    return found


def _active(entry: Mapping[str, Any]) -> Active:
    return Active(
        entry["name"], entry["grade"], tuple(entry.get("steps", ())), entry.get("max_line"), entry.get("common", False)
    )


def _both(own: Active | None, shared: Active) -> Active:
    """The concern's own word counts; the shared one adds its steps where the own one names steps."""
    if own is None:
        return shared
    steps = (*own.steps, *shared.steps) if own.steps else ()
    return Active(own.name, own.grade, steps, own.max_line, own.is_common)
