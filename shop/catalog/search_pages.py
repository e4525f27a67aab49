"""Concerns, treatments and brands that answer to what was typed; each process reads their names at most every few seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Text, literal, select, union_all

from shop.catalog.models import Brand, Concern, Treatment
from shop.catalog.search_query import synonyms
from shop.catalog.search_words import words_of
from shop.core.keeping import kept

KEPT, MOST_PAGES = "search-pages", 8
PATHS = {"concern": "/concerns/", "treatment": "/treatments/", "brand": "/brands/"}


@dataclass(slots=True)
class FoundPage:
    path: str
    words: str


def pages_for(words: Sequence[str]) -> list[FoundPage]:
    """Pages whose name holds every word, or its synonym; concerns first, then treatments, then brands."""
    meanings = synonyms()
    wanted = [[f" {one}" for one in (word, *meanings.get((word,), ()))] for word in words]
    found = []
    for spoken, page in kept(KEPT, _read) if wanted else ():
        if all(any(one in spoken for one in forms) for forms in wanted):
            found.append(page)
    return found[:MOST_PAGES]


def _read(connection: Connection) -> list[tuple[str, FoundPage]]:
    """Each page with the words it answers to, a space before each so that a word is found by its beginning."""
    concern = select(literal("concern", Text), Concern.slug, Concern.name, Concern.label, Concern.position)
    treatment = select(literal("treatment", Text), Treatment.slug, Treatment.name, literal("", Text), Treatment.position)
    brand = select(literal("brand", Text), Brand.slug, Brand.name, literal("", Text), literal(0))
    rows = connection.execute(union_all(concern, treatment, brand)).all()
    order = list(PATHS)
    return [
        (" " + " ".join(words_of(f"{name} {label} {slug.replace('-', ' ')}")), FoundPage(PATHS[kind] + slug, name))
        for kind, slug, name, label, _ in sorted(rows, key=lambda row: (order.index(row[0]), row[4], row[2]))
    ]
