"""A read ingredient list: its entries in their order, and honestly what of it could not be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shop.care.classes import classes_of
from shop.care.normalising import fold

PARTLY_READ = 0.9


@dataclass(frozen=True, slots=True)
class Token:
    """One entry: what is printed, the INCI name it was read as (None when not read), and its 1-based place."""

    raw: str
    name: str | None
    percent: float | None
    may_contain: bool
    position: int
    recognised: bool
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every INCI name the entry holds, brackets and further languages included."""
        return (self.name, *self.also) if self.name else self.also


@dataclass(frozen=True)
class Label:
    """One ingredient list, read. `pieces` cover the text from end to end as (kind, start, end): token, aside or mark.

    `mentions` are ingredients that the words around the list praise: no part of it, but what they warn of counts.
    `memo` holds what rules worked out for this label, so that it is parsed once and judged many times.
    """

    text: str
    tokens: tuple[Token, ...]
    pieces: tuple[tuple[str, int, int], ...]
    mentions: tuple[Token, ...] = field(default=())
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def status(self) -> str:
        """`assessed` (every entry read), `partly` (at least 90 % read) or `unknown`."""
        read = sum(token.recognised for token in self.tokens)
        if not read or read < PARTLY_READ * len(self.tokens):
            return "unknown"
        return "assessed" if read == len(self.tokens) else "partly"

    @cached_property
    def aside(self) -> tuple[str, ...]:
        """Headings, footnotes, promises and legal text, as printed."""
        return tuple(self.text[start:end] for kind, start, end in self.pieces if kind == "aside")

    @cached_property
    def unread(self) -> tuple[str, ...]:
        """The entries nobody could read, as printed."""
        return tuple(token.raw for token in self.tokens if not token.recognised)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every INCI name on the label, what it may contain and what it mentions included."""
        return frozenset(name for token in (*self.tokens, *self.mentions) for name in token.names)

    @cached_property
    def classes(self) -> Mapping[str, tuple[tuple[int, str], ...]]:
        """Each class on the label with the places and names that belong to it; place 0 is a mention outside the list."""
        found: dict[str, list[tuple[int, str]]] = {}
        for token in (*self.tokens, *self.mentions):
            for name in token.names:
                for of_class in classes_of(name):
                    found.setdefault(of_class, []).append((token.position, name))
        return {of_class: tuple(places) for of_class, places in found.items()}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every whole word of the names, as read and as printed."""
        printed = (fold(token.raw) for token in (*self.tokens, *self.mentions))
        return frozenset(word for name in (*printed, *map(fold, self.names)) for word in re.findall(r"[A-Z0-9]+", name))

    @cached_property
    def plants(self) -> frozenset[str]:
        """The first two words of each name: genus and species where it is a plant's."""
        return frozenset(" ".join(fold(name).split(" ")[:2]) for name in self.names)
