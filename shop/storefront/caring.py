"""The ingredient calendar on the shop's pages: one sentence for a product, one summary for a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import g

from shop.care.calendar import Finding
from shop.catalog.cards import Card
from shop.intake.calendar import Calendar, CareWord
from shop.intake.labels import label_of, labels_of_products
from shop.visits.skin_days import own_calendar, typed_day


@dataclass(frozen=True)
class ListCare:
    """What stands above a list; `typed` is the day a visitor gave."""

    summary: str
    typed: date | None


@dataclass(frozen=True)
class ProductCare:
    """What stands on a product's page, with the rules behind it."""

    text: str
    kind: str
    rules: tuple[Finding, ...]


def with_care(cards: Sequence[Card]) -> tuple[list[Card], ListCare]:
    """The cards with their sentences, silent where nothing speaks against one; as many statements for one card as for all."""
    calendar = own_calendar()
    if calendar is None:
        return list(cards), ListCare("", None)
    g.private = True  # what stands there now is one person's
    labels = labels_of_products(card.id for card in cards)
    words = {card.id: calendar.word(labels[card.id]) for card in cards if card.id in labels}
    return [_said(card, words.get(card.id)) for card in cards], ListCare(calendar.summary, typed_day())


def care_of_product(inci: str, calendar: Calendar | None) -> ProductCare | None:
    """None without a calendar, or where nothing in the rules speaks against the product."""
    if calendar is None:
        return None
    g.private = True
    word = calendar.word(label_of(inci))
    return ProductCare(word.text, word.kind, word.findings) if word is not None else None


def _said(card: Card, word: CareWord | None) -> Card:
    return card if word is None else card._replace(care=word.text, care_kind=word.kind)
