"""A plan as its client reads it: the morning, the evening, what to keep, and what it comes to; less of it to somebody unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shop.care.explaining_labels import short_day
from shop.catalog.words import STEP_WORDS
from shop.intake.routines import place_of
from shop.plans.lines import HABIT, KEEP, PRODUCT, Line, read_day
from shop.plans.opening import Opened, Today


@dataclass(frozen=True)
class Shown:
    """One line in words. What speaks of the person is empty until they have said who they are."""

    place: int
    kind: str
    step_word: str
    name: str
    how: str
    why: str
    word: str
    word_kind: str
    price_minor: int
    quantity: int
    is_essential: bool
    can_add: bool
    instead_of: str
    drawing: Mapping[str, Any] | None
    link: str


@dataclass(frozen=True)
class Page:
    """Everything the template asks for."""

    morning: list[Shown]
    evening: list[Shown]
    any_time: list[Shown]
    series: list[Shown]
    essentials: list[Shown]
    optional: list[Shown]
    changes: list[str]
    essential_minor: int
    optional_minor: int
    whole_minor: int
    goal: str
    message: str
    review_on: date | None
    nothing_to_buy: bool
    is_whole: bool

    @property
    def can_buy(self) -> bool:
        return any(one.can_add for one in (*self.series, *self.essentials, *self.optional))


def page_of(opened: Opened, *, is_whole: bool) -> Page:
    """`is_whole` once the client is known; before, no concern, no reason, nothing from their answers or their cupboard."""
    told = [one for one in opened.lines if is_whole or one.line.is_bought]
    shown = [(one, _shown(one, is_whole=is_whole)) for one in sorted(told, key=lambda one: place_of(one.line.step))]
    used = [(one.line, words) for one, words in shown if one.line.kind in (PRODUCT, KEEP, HABIT)]
    series = [words for one, words in shown if one.line.kind not in (PRODUCT, KEEP, HABIT)]
    goods = [(one.line, words) for one, words in shown if one.line.kind == PRODUCT]
    content = opened.content
    return Page(
        morning=_at(used, "morning"),
        evening=_at(used, "evening"),
        any_time=[words for line, words in used if not line.when],
        series=series,
        essentials=[words for line, words in goods if line.is_essential],
        optional=[words for line, words in goods if not line.is_essential],
        changes=opened.changes if is_whole else opened.neutral_changes,
        essential_minor=opened.sum_of("essential"),
        optional_minor=opened.sum_of("optional"),
        whole_minor=opened.sum_of(),
        goal=content.goal if is_whole else "",
        message=content.message if is_whole else "",
        review_on=content.review_day,
        nothing_to_buy=content.nothing_to_buy,
        is_whole=is_whole,
    )


def how_words(line: Line) -> str:
    """ "Three drops, every day, from Wed 17 June" """
    parts = [part for part in (line.amount, line.frequency) if part]
    start, stop = read_day(line.start_on), read_day(line.stop_on)
    parts += [f"from {short_day(start)}"] if start else []
    parts += [f"until {short_day(stop)}"] if stop else []
    return ", ".join(part if n == 0 else part[:1].lower() + part[1:] for n, part in enumerate(parts))


def _at(used: Iterable[tuple[Line, Shown]], when: str) -> list[Shown]:
    return [words for line, words in used if line.when in (when, "both")]


def _shown(one: Today, *, is_whole: bool) -> Shown:
    line, item = one.line, one.item
    name = item.title if item and one.is_substitute else line.name
    said = one.judged
    speaks = is_whole and said is not None and said.verdict not in ("use", "fits")
    return Shown(
        place=one.place,
        kind=line.kind,
        step_word=STEP_WORDS.get(line.step, ""),
        name=name if is_whole or line.kind == PRODUCT else one.neutral_name or "Course of sessions",
        how=how_words(line),
        why=line.why if is_whole else "",
        word=said.sentence if speaks and said else "",
        word_kind="no" if said and said.forbids else "wait",
        price_minor=one.price_minor,
        quantity=line.quantity,
        is_essential=line.is_essential,
        can_add=one.can_add,
        instead_of=line.name if one.is_substitute else "",
        drawing=item.drawing if item else None,
        link=f"/products/{item.slug}" if item and item.is_sold else "",
    )
