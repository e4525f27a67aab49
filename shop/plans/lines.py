"""What a plan says, line by line, as it is written, sealed and read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from hashlib import sha256
from json import dumps
from typing import Any

from shop.intake.routines import place_of

PRODUCT, KEEP, HABIT, PACKAGE, SERIES = "product", "keep", "habit", "package", "series"
KINDS = (PRODUCT, KEEP, HABIT, PACKAGE, SERIES)
ESSENTIAL, OPTIONAL = "essential", "optional"
MOST_ESSENTIALS, MOST_LINES = 3, 24
WHENS = {"morning": "Morning", "evening": "Evening", "both": "Morning and evening", "": "Any time"}
FREQUENCIES = ("Every day", "Every other day", "Three times a week", "Twice a week", "Once a week", "As needed")


@dataclass(frozen=True)
class Own:
    """A series made for this client alone: gaps as they are typed ("14,14-28"), its price for all sessions."""

    treatment: str = ""
    sessions: int = 0
    gaps: str = ""
    area: str = ""
    price_minor: int = 0
    validity_days: int = 0


@dataclass(frozen=True)
class Line:
    """One step, one thing to keep, one habit, or one series. `sku` or `package` is what would be bought.

    `price_minor` is that of one piece on the day it was written. `override` is the consultant's reason for a product
    that a rule forbids, `verdict` what the rules said and
    `inci` what the list was when it was written. `substitute` is the size that may come in its place.
    """

    kind: str
    name: str
    step: str = ""
    sku: str = ""
    package: str = ""
    role: str = OPTIONAL
    when: str = ""
    amount: str = ""
    frequency: str = ""
    start_on: str = ""
    stop_on: str = ""
    why: str = ""
    quantity: int = 1
    price_minor: int = 0
    substitute: str = ""
    verdict: str = ""
    inci: str = ""
    override: str = ""
    overridden_by: str = ""
    own: Own | None = None

    @property
    def is_bought(self) -> bool:
        return self.kind in (PRODUCT, PACKAGE, SERIES)

    @property
    def is_essential(self) -> bool:
        return self.is_bought and self.role == ESSENTIAL

    @property
    def total_minor(self) -> int:
        return self.price_minor * self.quantity if self.is_bought else 0


@dataclass(frozen=True)
class Content:
    """A whole version. `nothing_to_buy` is an outcome of its own, not a plan that happens to be empty."""

    concern: str = ""
    goal: str = ""
    message: str = ""
    review_on: str = ""
    nothing_to_buy: bool = False
    lines: tuple[Line, ...] = field(default=())

    @property
    def outcome(self) -> str:
        return "nothing" if self.nothing_to_buy else "plan"

    @property
    def bought(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_bought)

    @property
    def essentials(self) -> tuple[Line, ...]:
        """The products that matter most; a series is not counted among them."""
        return tuple(line for line in self.lines if line.kind == PRODUCT and line.role == ESSENTIAL)

    @property
    def total_minor(self) -> int:
        """Without what is optional."""
        return sum(line.total_minor for line in self.bought if line.role == ESSENTIAL)

    @property
    def optional_minor(self) -> int:
        return sum(line.total_minor for line in self.bought if line.role == OPTIONAL)

    @property
    def whole_minor(self) -> int:
        return self.total_minor + self.optional_minor

    @property
    def review_day(self) -> date | None:
        return read_day(self.review_on)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def digest(self) -> str:
        return sha256(dumps(self.as_json(), sort_keys=True).encode()).hexdigest()


def read_content(stored: Mapping[str, Any]) -> Content:
    """From JSON; what a later version of the shop added is left out."""
    facts = _known(Content, stored)
    return Content(**facts | {"lines": tuple(_read_line(line) for line in stored.get("lines", ()))})


def read_day(text: str) -> date | None:
    """None for what is no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def within_three(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The first three essential products stay essential; the rest becomes optional."""
    kept, found = 0, []
    for line in lines:
        if line.kind == PRODUCT and line.role == ESSENTIAL:
            kept += 1
            line = replace(line, role=ESSENTIAL if kept <= MOST_ESSENTIALS else OPTIONAL)
        found.append(line)
    return tuple(found)


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Series first, then the steps in the order of use, then habits; equal ones as they were."""
    return tuple(
        sorted(
            lines,
            key=lambda line: -1 if line.kind in (PACKAGE, SERIES) else 99 if line.kind == HABIT else place_of(line.step),
        )
    )


def _read_line(stored: Mapping[str, Any]) -> Line:
    facts = _known(Line, stored)
    own = stored.get("own")
    return Line(**facts | {"own": Own(**_known(Own, own)) if own else None})


def _known(kind: type[Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    return {name: value for name, value in stored.items() if name in names}
