"""What stands on the shelf of the first page: three of the clinic's own products, tall, dropper and jar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shop.catalog.cards import Card


class Piece(NamedTuple):
    """One drawn product; `drawing` has shape, colour, cap and accent."""

    drawing: Mapping[str, Any]
    brand: str
    name: str


TALL, DROPPER, JAR = ("bottle", "pump"), ("dropper",), ("jar",)
# What a shelf without such a shape shows under the clinic's own name.
PLAIN: tuple[tuple[tuple[str, ...], dict[str, str], str], ...] = (
    (TALL, {"shape": "bottle", "colour": "#b98b5e", "cap": "#2c2622", "accent": "#8c3b2e"}, "Cleanse"),
    (DROPPER, {"shape": "dropper", "colour": "#8c4a2c", "cap": "#1f1b19", "accent": "#8c3b2e"}, "Treat"),
    (JAR, {"shape": "jar", "colour": "#f1e6d8", "cap": "#6d7f70", "accent": "#4f6b57"}, "Protect"),
)


def on_the_shelf(cards: Sequence[Card], *, clinic: str) -> list[Piece]:
    """The first card of each of the three shapes, else a plain one."""
    return [_first(cards, shapes) or Piece(drawing, clinic, name) for shapes, drawing, name in PLAIN]


def _first(cards: Sequence[Card], shapes: tuple[str, ...]) -> Piece | None:
    for card in cards:
        if card.drawing.get("shape") in shapes:
            return Piece(card.drawing, card.brand_name, card.name)
    return None
