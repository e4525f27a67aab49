"""Rows of products that pages other than the list show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shop.care.saying_names import say_name
from shop.catalog.cards import Card
from shop.catalog.finding import linked_cards
from shop.catalog.menu import menu_concerns
from shop.catalog.words import PHASES, STEP_WORDS, STEPS

MOST_IN_PHASE = 6


@dataclass(slots=True)
class Row:
    """One line of a routine: the step, the product, and why."""

    step_word: str
    card: Card
    reason: str
    concern: Any
    active: str
    line: int | None


@dataclass(slots=True)
class Phase:
    when: str
    title: str
    text: str
    rows: list[Row]


def phases_of(concern_id: int, *, currency: str) -> list[Phase]:
    """Home care of a concern by phase, in each the steps in the order of use with the best of each step."""
    linked = linked_cards([concern_id], currency=currency)
    return [
        Phase(when, title, text, rows)
        for key, (when, title, text) in PHASES.items()
        if (rows := _routine([pair for pair in linked if pair[1].phase == key]))
    ]


def routine_of(concern_ids: list[int], *, currency: str, most: int = 5) -> list[Row]:
    """One product for each step, whatever the phase."""
    return _routine(linked_cards(concern_ids, currency=currency))[:most]


def _routine(linked: list[tuple[Card, Any]]) -> list[Row]:
    concerns = {row.id: row for row in menu_concerns()}
    by_step: dict[str, Row] = {}
    for card, why in linked:
        if card.step and card.step not in by_step:
            words = STEP_WORDS.get(card.step, card.step)
            active = say_name(why.active) if why.active else ""
            by_step[card.step] = Row(words, card, why.reason, concerns.get(why.concern_id), active, why.line)
    return [by_step[step] for step in STEPS if step in by_step][:MOST_IN_PHASE]
