"""The bag says of each product on which day it may be begun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shop.bag.reading import BagItem, BagView
from shop.care.calendar import VERDICTS
from shop.intake.calendar import Calendar, CareWord
from shop.intake.labels import labels_of_variants
from shop.visits.skin_days import own_calendar


def care_words(bag: BagView) -> Mapping[int, CareWord]:
    """line id → its one sentence; lines that nothing speaks against are absent. Two lines cost what one does."""
    calendar = own_calendar() if bag.has_goods else None
    if calendar is None:
        return {}
    labels = labels_of_variants(piece.id for item in bag.items for piece, _ in item.pieces if piece.kind == "variant")
    words = {variant_id: calendar.word(label) for variant_id, label in labels.items()}
    found = {item.id: _strictest(words.get(id) for id in _variants(item)) for item in bag.items}
    return {line_id: word for line_id, word in found.items() if word is not None}


def care_words_for(variant_ids: Iterable[int], calendar: Calendar) -> dict[int, CareWord]:
    """The same for other lists of sizes: orders, slips, plans."""
    said = {id: calendar.word(label) for id, label in labels_of_variants(variant_ids).items()}
    return {id: word for id, word in said.items() if word is not None}


def _variants(item: BagItem) -> list[int]:
    return [piece.id for piece, _ in item.pieces if piece.kind == "variant"]


def _strictest(words: Iterable[CareWord | None]) -> CareWord | None:
    """A box says what its strictest part says."""
    said = [word for word in words if word is not None]
    return max(said, key=lambda word: VERDICTS.index(word.verdict.verdict), default=None)
