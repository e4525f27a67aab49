"""The names that ingredient lists use, and which of them mean the same thing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from shop.care.normalising import fold, squeeze
from shop.care.tables import read_rows

SHORTEST_MENDED_WORD = 6


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One ingredient of the shop's own table: facts and where they stand."""

    name: str
    cas: str
    functions: tuple[str, ...]
    source: str


def word_list(kind: str) -> frozenset[str]:
    """The words that tell a plant's part, a foreign name or a sentence of prose."""
    return frozenset(row["word"] for row in read_rows("words") if row["kind"] == kind)


PLANT_PARTS = word_list("plant part")
NO_PLANT_WORDS = word_list("no plant")


class Dictionary:
    """Printed names and the INCI name each of them means. It never changes; `with_names` gives a larger one."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, printed: str) -> bool:
        return self.find(printed) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def with_names(self, names: Iterable[str], *, synonyms: Mapping[str, str] | None = None) -> Dictionary:
        """This dictionary and more names; what a name already means stays as it is."""
        extended = dict(self._names)
        for name in names:
            if key := fold(name):
                extended.setdefault(key, name.strip().upper())
        for printed, name in (synonyms or {}).items():
            extended.setdefault(fold(printed), extended.get(fold(name), name.strip().upper()))
        return Dictionary(extended)

    def find(self, printed: str) -> str | None:
        """The INCI name that these words are, whole; None when they are none."""
        return self.find_folded(fold(printed))

    def find_folded(self, key: str) -> str | None:
        """`find` for words that went through `fold` already."""
        return self._names.get(key) or (self._squeezed.get(squeeze(key)) if len(key) > 5 else None)

    def mend(self, key: str) -> str | None:
        """The name after correcting misspelt words by one letter each; None when that leaves a doubt.

        A word is misspelt only if no known name contains it, so "ethyl" is never taken for "methyl".
        """
        words = re.split(r"([ /\-,()]+)", key)
        mended = [self._mend_word(word) if word.isalpha() else word for word in words]
        if None in mended or mended == words:
            return None
        return self.find_folded("".join(word or "" for word in mended))

    def has_family(self, key: str) -> bool:
        """Whether the name differs from a known one by its chain or polymer numbers alone, as PEG-33 from PEG-32."""
        return bool(re.search(r"[A-Z]-\d", key)) and _without_numbers(key) in self._families

    def plants(self, pair: str) -> frozenset[str]:
        """The known names that begin with this genus and species."""
        return self._plants.get(pair, frozenset())

    def is_word(self, word: str) -> bool:
        """Whether any known name contains this word."""
        return word in self._words

    def _mend_word(self, word: str) -> str | None:
        """The word itself when known, else the only known word one slip of the pen away; None when there is none."""
        if word in self._words or len(word) < SHORTEST_MENDED_WORD:
            return word
        near: set[str] = set()
        for shape in _shapes(word):
            near |= self._word_shapes.get(shape, frozenset())
        near = {other for other in near if other[0] == word[0] and _is_one_slip(word, other)}
        return near.pop() if len(near) == 1 else None

    @cached_property
    def _squeezed(self) -> dict[str, str]:
        meanings: dict[str, set[str]] = defaultdict(set)
        for key, name in self._names.items():
            meanings[squeeze(key)].add(name)
        return {key: next(iter(names)) for key, names in meanings.items() if len(names) == 1}

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for key in self._names for word in re.split(r"[^A-Z0-9]+", key) if word)

    @cached_property
    def _word_shapes(self) -> dict[str, frozenset[str]]:
        shapes: dict[str, set[str]] = defaultdict(set)
        for word in self._words:
            if word.isalpha() and len(word) >= SHORTEST_MENDED_WORD - 1:
                for shape in _shapes(word):
                    shapes[shape].add(word)
        return {shape: frozenset(words) for shape, words in shapes.items()}

    @cached_property
    def _families(self) -> frozenset[str]:
        return frozenset(_without_numbers(key) for key in self._names if re.search(r"[A-Z]-\d", key))

    @cached_property
    def _plants(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for key in self._names:
            words = key.split(" ")
            if len(words) > 2 and words[0].isalpha() and words[1].isalpha() and words[-1] in PLANT_PARTS:
                found[f"{words[0]} {words[1]}"].add(key)
        return {pair: frozenset(keys) for pair, keys in found.items() if not set(pair.split(" ")) & NO_PLANT_WORDS}


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """The shop's own dictionary, read once: the curated names and their synonyms. Imports make larger ones of it."""
    of_classes = (row["name"] for row in read_rows("classes"))
    known = Dictionary({}).with_names(entry.name for entry in ingredients())
    return known.with_names((), synonyms=synonyms()).with_names(of_classes)


@lru_cache(maxsize=1)
def ingredients() -> tuple[Ingredient, ...]:
    """The shop's own table of ingredients."""
    return tuple(
        Ingredient(row["name"], row["cas"], tuple(filter(None, row["functions"].split("; "))), row["source"])
        for row in read_rows("ingredients")
    )


@lru_cache(maxsize=1)
def synonyms() -> dict[str, str]:
    """Printed names that mean an INCI name: translations, older INCI, drug names and common names."""
    return {row["printed"]: row["name"] for row in read_rows("synonyms")}


def _without_numbers(key: str) -> str:
    return re.sub(r"\d+", "#", key)


def _shapes(word: str) -> set[str]:
    """The word with one letter less, and itself: two words one slip apart share a shape."""
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def _is_one_slip(first: str, second: str) -> bool:
    """One letter more, less or other, or two neighbours swapped."""
    if abs(len(first) - len(second)) > 1:
        return False
    if len(first) == len(second):
        differing = [place for place, (one, two) in enumerate(zip(first, second, strict=True)) if one != two]
        swapped = [(first[one], first[two]) == (second[two], second[one]) for one, two in pairwise(differing)]
        return len(differing) == 1 or (len(differing) == 2 and swapped == [True])
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
