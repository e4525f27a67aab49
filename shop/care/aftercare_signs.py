"""“Is this normal today?”: three levels by sign and hours, which never grow calmer as time passes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from shop.care.aftercare import Book
from shop.care.rule_files import read_rules

LEVELS = ("normal", "ask", "urgent")


@dataclass(frozen=True)
class Normal:
    """How a sign is taken at this point; `rule` is empty for a sign that the rules do not know."""

    level: str
    sentence: str
    rule: str
    version: int
    source: str


def signs(*, book: Book | None = None) -> list[tuple[str, str]]:
    """The signs a person can choose from, each with its plain name."""
    return [(rule["id"], rule["name"]) for rule in (book or read_rules("aftercare_signs"))["rule"]]


def normal_today(sign: str, hours_since: float, *, book: Book | None = None) -> Normal:
    """Whether a sign is common that many hours after a session. An unknown sign is looked at by a person."""
    rules = book or read_rules("aftercare_signs")
    for rule in rules["rule"]:
        if rule["id"] == sign:
            level = _level(rule["steps"], rule["then"], hours_since)
            return Normal(level, rule.get(level) or rules["say"][level], rule["id"], rule["version"], rule["source"])
    return Normal("ask", rules["say"]["unknown"], "", 0, "")


def _level(steps: list[list], then: str, hours: float) -> str:
    """Hours that cannot be (unknown, or before the session) are taken at their strictest short of alarm."""
    if math.isnan(hours) or hours < 0:
        return "urgent" if not steps and then == "urgent" else "ask"
    return next((level for limit, level in steps if hours <= limit), then)
