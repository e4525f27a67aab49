"""What keeps a plan from being written: a rule that forbids, a fourth essential, a day that is none, a series that does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from shop.core.errors import Refused, ShopError
from shop.plans.composing import Judged
from shop.plans.lines import (
    HABIT,
    KEEP,
    MOST_ESSENTIALS,
    MOST_LINES,
    OPTIONAL,
    PACKAGE,
    PRODUCT,
    SERIES,
    WHENS,
    Content,
    Line,
    Own,
    read_day,
)

LEAST_REASON = 8
Lint = Callable[[str], str]
FitsInTime = Callable[[Own], None]


@dataclass(frozen=True)
class Problem:
    """What is wrong; `line` is its place among the lines, or None for the plan as a whole."""

    sentence: str
    field: str
    line: int | None = None


class NotWritten(Refused):
    """The plan stays as typed and is not kept; every problem has its place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].sentence)
        self.problems = problems


def check(content: Content, known: Mapping[str, Judged], *, today: date, lint: Lint, fits: FitsInTime) -> None:
    """Raises NotWritten with everything that is wrong.

    `known` says of each size (by SKU) what the rules say for this client; a size that it does not hold is not sold.
    `lint` gives the sentence against a promise in a text, or nothing; `fits` raises for a series that cannot be used in time.
    """
    problems = [*_whole(content, lint, today)]
    for place, line in enumerate(content.lines):
        problems += [Problem(sentence, field, place) for field, sentence in _line(line, known, lint, fits)]
    if problems:
        raise NotWritten(problems)


def needs_reason(line: Line, known: Mapping[str, Judged]) -> bool:
    """Whether a rule forbids what this line would sell to this client."""
    return any(known[sku].forbids for sku in (line.sku, line.substitute) if sku in known)


def _whole(content: Content, lint: Lint, today: date) -> Iterator[Problem]:
    if len(content.lines) > MOST_LINES:
        yield Problem(f"A plan has at most {MOST_LINES} lines.", "lines")
    if len(content.essentials) > MOST_ESSENTIALS:
        yield Problem(f"At most {MOST_ESSENTIALS} products are essential. Make the others optional.", "lines")
    if content.nothing_to_buy and content.bought:
        yield Problem("“Nothing to buy today” and something to buy do not go together.", "nothing")
    if not content.nothing_to_buy and not content.lines:
        yield Problem("Add a line, or choose “nothing to buy today”.", "lines")
    if content.review_on and content.review_day is None:
        yield Problem("Give the day as year, month and day, for example 2026-06-10.", "review_on")
    elif content.review_day and content.review_day < today:
        yield Problem("The review cannot be in the past.", "review_on")
    if found := lint(content.message):
        yield Problem(found, "message")
    skus = [line.sku for line in content.lines if line.sku]
    for sku in sorted({sku for sku in skus if skus.count(sku) > 1}):
        twice = [place for place, line in enumerate(content.lines) if line.sku == sku]
        yield Problem("This stands in the plan twice.", "sku", twice[1])


def _line(line: Line, known: Mapping[str, Judged], lint: Lint, fits: FitsInTime) -> Iterator[tuple[str, str]]:
    if line.kind == PRODUCT:
        yield from _product(line, known)
    elif not line.name.strip() and line.kind in (HABIT, KEEP):
        yield "name", "Say what it is."
    elif line.kind == PACKAGE and not line.package:
        yield "package", "Choose a series."
    elif line.kind == SERIES:
        yield from _series(line, fits)
    yield from _amounts(line)
    yield from _days(line)
    own_words = ("why",) if line.kind == PRODUCT else ("why", "name")
    for field in own_words:
        if found := lint(getattr(line, field)):
            yield field, found


def _amounts(line: Line) -> Iterator[tuple[str, str]]:
    if line.role not in ("essential", OPTIONAL):
        yield "role", "Choose essential or optional."
    if line.when not in WHENS:
        yield "when", "Choose morning, evening or both."
    if not 1 <= line.quantity <= 9:
        yield "quantity", "Choose a number from 1 to 9."


def _days(line: Line) -> Iterator[tuple[str, str]]:
    start, stop = read_day(line.start_on), read_day(line.stop_on)
    for field, day, text in (("start_on", start, line.start_on), ("stop_on", stop, line.stop_on)):
        if text and day is None:
            yield field, "Give the day as year, month and day."
    if start and stop and stop < start:
        yield "stop_on", "It cannot stop before it starts."


def _product(line: Line, known: Mapping[str, Judged]) -> Iterator[tuple[str, str]]:
    if line.sku not in known:
        yield "sku", "This is not sold any more. Choose another."
        return
    said = known[line.sku]
    has_reason = len(line.override.strip()) >= LEAST_REASON
    if said.forbids and not has_reason:
        why = said.sentence or "Our rules say no."
        yield "override", f"{why} To recommend it all the same, write why."
    if line.substitute and line.substitute in known and known[line.substitute].forbids and not has_reason:
        yield "substitute", "What may come in its place is forbidden by a rule. Choose another."


def _series(line: Line, fits: FitsInTime) -> Iterator[tuple[str, str]]:
    own = line.own
    if own is None or not own.treatment:
        yield "treatment", "Choose the treatment."
        return
    if not 1 <= own.sessions <= 20:
        yield "sessions", "Choose from 1 to 20 sessions."
        return
    if own.price_minor <= 0:
        yield "price", "Give the price of the whole series."
    if not own.area.strip():
        yield "area", "Which area is treated?"
    try:
        fits(own)
    except ShopError as refused:
        yield refused.field or "gaps", refused.sentence
