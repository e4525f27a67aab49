"""What a person avoids is looked for in the whole list; without the whole list nothing is called free of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shop.care.rule_files import read_rules

FOUND = "It contains something you avoid."
FRAGRANCED = "It contains fragrance, which can hold traces of what you avoid without naming them."
UNREAD = "Not every ingredient of it has been read, so we cannot say that it is free of what you avoid."
UNKNOWN = "One of the names you avoid is in none of our lists, so a person looks at it."


@dataclass(frozen=True)
class Avoided:
    """Classes and ingredient names to look for; `is_known` is false when a name could not be understood."""

    classes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    hiding: frozenset[str] = frozenset()
    is_known: bool = True

    def __bool__(self) -> bool:
        return bool(self.classes or self.names) or not self.is_known

    def is_in(self, classes: Collection[str], ingredients: Collection[str]) -> bool:
        """Whether a class or a name, or a name's words within a longer one, stands in the list."""
        return bool(self.classes & set(classes)) or any(
            f" {name} " in f" {ingredient} " for name in self.names for ingredient in map(plain, ingredients)
        )


def read_avoided(
    avoid: Iterable[str] | str, lists: Iterable[Collection[str]], *, means: Mapping[str, Collection[str]] | None = None
) -> Avoided:
    """What the words mean. `lists` are all ingredient lists at hand: a name in one of them is a known name;
    `means` adds ingredient names for a word (soy: Glycine Soja Oil …)."""
    words = {plain(word) for word in ([avoid] if isinstance(avoid, str) else avoid)} - {""}
    book = read_rules("matching")
    known = {plain(name) for names in lists for name in names}
    dictionary = {plain(word): {plain(name) for name in names} for word, names in (means or {}).items()}
    classes = {name for word in words for name in _classes(book, word)}
    names = {word for word in words if not _classes(book, word)}
    meant = {name for word in names for name in dictionary.get(word, ())}
    hidden = set(book["hidden_in_fragrance"]["names"])
    unknown = names - known - dictionary.keys() - hidden
    unknown = {word for word in unknown if not any(f" {word} " in f" {name} " for name in known)}
    return Avoided(
        classes=frozenset(classes),
        names=frozenset(names | meant),
        is_known=not unknown,
        hiding=frozenset(book["hidden_in_fragrance"]["classes"]) if (names | meant) & hidden else frozenset(),
    )


def trouble_with(
    avoided: Avoided, *, classes: Collection[str], ingredients: Sequence[str] | None, actives: Sequence[str], reading: str
) -> tuple[str, str] | None:
    """("no" | "ask" | "not assessed", sentence), or None when the whole list was read and nothing was found."""
    if not avoided:
        return None
    if avoided.is_in(classes, ingredients or actives):
        return "no", FOUND
    if avoided.hiding & set(classes):
        return "ask", FRAGRANCED
    if reading != "assessed" or (avoided.names and ingredients is None):
        return "not assessed", UNREAD
    return None if avoided.is_known else ("not assessed", UNKNOWN)


@lru_cache(maxsize=8192)
def plain(name: str) -> str:
    """A name as it is compared: capitals, single spaces, no signs at the ends."""
    return re.sub(r"\s+", " ", str(name)).strip(" .,;*").upper()


def _classes(book: Mapping[str, Any], word: str) -> Sequence[str]:
    """The classes a word stands for, whether it is everyday or the rulebook's own."""
    spoken: Mapping[str, Sequence[str]] = book["avoid_words"]
    if word.lower() in spoken:
        return spoken[word.lower()]
    slug = word.lower().replace(" ", "-")
    return [slug] if slug in book["classes"] else []
