"""The days after a session in general words, from the rules that also make each client's own sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from shop.care.loading import book_of, window_rules
from shop.care.rule_files import read_rules
from shop.core.db import db
from shop.core.texts import TextVersion

CLASS_WORDS = {
    "retinoid": "Retinoids (retinol, retinal, tretinoin)",
    "aha": "Fruit acids (AHA: glycolic, lactic)",
    "bha": "Salicylic acid (BHA)",
    "pha": "Gentle acids (PHA)",
    "ascorbic-acid": "Pure vitamin C",
    "benzoyl-peroxide": "Benzoyl peroxide",
    "scrub": "Scrubs, peeling brushes",
    "fragrance": "Fragrance",
    "essential-oil": "Essential oils",
    "minoxidil": "Minoxidil, on a treated scalp",
}


@dataclass(slots=True)
class Day:
    when: str
    text: str


@dataclass(slots=True)
class Wait:
    what: str
    until: str


@dataclass(slots=True)
class Window:
    what: str
    before: str
    after: str


def guide_text() -> TextVersion | None:
    newest = select(TextVersion).where(TextVersion.kind == "guide").order_by(TextVersion.version.desc()).limit(1)
    return db.session.scalars(newest).first()


def days() -> list[Day]:
    """Each stretch of the days after with what holds for every treatment."""
    return [
        Day(rule["title"], " ".join(lines))
        for rule in read_rules("aftercare_days")["rule"]
        if (lines := [line["text"] for line in rule["lines"] if not {"treatments", "with", "unless"} & line.keys()])
    ]


def waits() -> list[Wait]:
    """What waits after any session without an add-on, the shortest wait first."""
    found: list[tuple[int, Wait]] = []
    for rule in book_of("aftercare")["rule"]:
        hours = rule.get("hours") or rule.get("days", 0) * 24
        if hours and not rule.get("addon") and "*" in rule.get("treatments", ("*",)):
            found.append((hours, Wait(rule["name"], _period(rule))))
    return [wait for _, wait in sorted(found, key=lambda pair: pair[0])]


def windows() -> list[Window]:
    """How long each class rests before and after, by the rules for every treatment without an add-on."""
    return [
        Window(CLASS_WORDS[rule.of_class], _days(rule.before_days), _days(rule.after_days))
        for rule in window_rules().windows
        if rule.kind == "pause" and not rule.addon and not rule.names and rule.of_class in CLASS_WORDS
    ]


def _period(rule: Any) -> str:
    if "days" in rule:
        return _days(rule["days"])
    hours = rule["hours"]
    return f"{hours} hours" if hours < 48 else _days(hours // 24)


def _days(days: int) -> str:
    return "may stay" if not days else "1 day" if days == 1 else f"{days} days"
