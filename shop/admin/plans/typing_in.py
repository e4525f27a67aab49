"""What a consultant typed, line by line, as a plan; what cannot be read stays as typed beside its field."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from flask import current_app, request

from shop.core.errors import Refused
from shop.core.forms import NOT_TEXT
from shop.core.money import parse_minor
from shop.plans.lines import HABIT, KEEP, KINDS, MOST_LINES, PACKAGE, PRODUCT, SERIES, Content, Line, Own

LONGEST = {"name": 160, "amount": 80, "frequency": 60, "why": 600, "override": 600, "area": 60, "gaps": 80}
LONG_TEXT, ANY_TEXT = 2000, 80
SHORT = (
    "name",
    "step",
    "sku",
    "package",
    "role",
    "when",
    "amount",
    "frequency",
    "start_on",
    "stop_on",
    "why",
    "substitute",
)


@dataclass
class Typed:
    """`prices` are those of the client's own series as they were typed, by line."""

    content: Content
    prices: list[str] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Behind what is there; the order of use is put right when the plan is kept."""
        if len(self.content.lines) >= MOST_LINES:
            raise Refused(f"A plan has at most {MOST_LINES} lines.", field="lines")
        self.content = replace(self.content, lines=(*self.content.lines, line))
        self.prices.append("")

    def drop(self, place: int) -> None:
        if 0 <= place < len(self.content.lines):
            self.content = replace(self.content, lines=self.content.lines[:place] + self.content.lines[place + 1 :])
            self.prices.pop(place)


def typed_plan() -> Typed:
    """From the form that was sent."""
    places = [n for n in range(MOST_LINES + 1) if f"line-{n}-kind" in request.form]
    lines = tuple(_line(n) for n in places)
    content = Content(
        concern=_text("concern", ANY_TEXT),
        goal=_text("goal", LONG_TEXT),
        message=_text("message", LONG_TEXT),
        review_on=_text("review_on", 10),
        nothing_to_buy=request.form.get("nothing") == "y",
        lines=lines,
    )
    return Typed(content, [_text(f"line-{n}-price", 20) for n in places])


def new_line(what: str) -> Line:
    """An empty line of a kind, or of a step."""
    if what in (HABIT, KEEP, PACKAGE):
        return Line(kind=what, name="", when="both" if what == KEEP else "", frequency="Every day" if what == HABIT else "")
    if what == SERIES:
        return Line(kind=SERIES, name="", role="essential", own=Own(validity_days=365))
    return Line(kind=PRODUCT, name="", step=what[:ANY_TEXT], when="both", frequency="Every day")


def number_of(text: str, *, otherwise: int = -1) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


def _line(n: int) -> Line:
    facts: dict[str, Any] = {name: _text(f"line-{n}-{name}", LONGEST.get(name, ANY_TEXT)) for name in SHORT}
    kind = request.form.get(f"line-{n}-kind", "")
    facts |= {
        "kind": kind if kind in KINDS else HABIT,
        "role": facts["role"] or "optional",
        "quantity": number_of(_text(f"line-{n}-quantity", 4) or "1", otherwise=0),
        "override": _text(f"line-{n}-override", LONGEST["override"]),
    }
    return Line(**facts, own=_own(n) if kind == SERIES else None)


def _own(n: int) -> Own:
    try:
        price = parse_minor(_text(f"line-{n}-price", 20) or "0", current_app.config["SHOP"].currency)
    except Refused:
        price = 0
    return Own(
        treatment=_text(f"line-{n}-treatment", ANY_TEXT),
        sessions=number_of(_text(f"line-{n}-sessions", 3), otherwise=0),
        gaps=_text(f"line-{n}-gaps", LONGEST["gaps"]),
        area=_text(f"line-{n}-area", LONGEST["area"]),
        price_minor=price,
        validity_days=number_of(_text(f"line-{n}-validity", 5), otherwise=0),
    )


def _text(name: str, longest: int) -> str:
    given = request.form.get(name, "").replace("\r\n", "\n")
    return "".join(sign for sign in given if sign not in NOT_TEXT).strip()[:longest]
