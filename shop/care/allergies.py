"""What a person reacts to is looked for by class, whole name, plant and whole word; an unknown word is never called absent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from shop.care import ingredients
from shop.care.classes import classes_of
from shop.care.labels import Label
from shop.care.normalising import fold
from shop.care.tables import read_rows, several

PERFUMED = frozenset({"fragrance", "essential-oil"})
HIDDEN = "a perfume or an essential oil may hold it below the amount that must be declared"


@dataclass(frozen=True, slots=True)
class Sign:
    """What on a label speaks of an allergy, and how loudly: `no` or `ask`."""

    verdict: str
    kind: str
    value: str
    source: str

    def is_on(self, label: Label) -> bool:
        """Whether the label shows it."""
        where = {"class": label.classes, "name": label.names, "plant": label.plants, "word": label.words}
        return self.value in where[self.kind]


@dataclass(frozen=True, slots=True)
class Allergy:
    """One allergy as the person or the staff wrote it; not `is_known` when no list of ours holds the word."""

    printed: str
    signs: tuple[Sign, ...]
    is_known: bool


@dataclass(frozen=True, slots=True)
class AllergyFinding:
    """One sign of one allergy that a label shows."""

    allergy: str
    verdict: str
    sign: Sign


def find_allergies(label: Label, *, allergies: Iterable[str]) -> list[AllergyFinding]:
    """Every sign of these allergies on the label."""
    printed = tuple(allergies)
    if not _may_show(label, printed):
        return []
    return [
        AllergyFinding(allergy.printed, sign.verdict, sign)
        for allergy in read_allergies(printed)
        for sign in allergy.signs
        if sign.is_on(label)
    ]


def unknown_allergies(allergies: tuple[str, ...]) -> tuple[str, ...]:
    """The allergies whose words no list of ours holds."""
    return tuple(allergy.printed for allergy in read_allergies(allergies) if not allergy.is_known)


@lru_cache(maxsize=4096)
def read_allergies(allergies: tuple[str, ...]) -> tuple[Allergy, ...]:
    """The allergies understood: words of the shop's table first, then any INCI name or synonym, then the plain words."""
    return tuple(_read(printed) for printed in allergies if printed.strip())


def _may_show(label: Label, allergies: tuple[str, ...]) -> bool:
    """Whether the label shows any sign at all: four comparisons of sets, since most labels show none."""
    classes, names, plants, words = _all_values(allergies)
    return not (
        classes.isdisjoint(label.classes)
        and names.isdisjoint(label.names)
        and plants.isdisjoint(label.plants)
        and words.isdisjoint(label.words)
    )


@lru_cache(maxsize=4096)
def _all_values(allergies: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    signs = [sign for allergy in read_allergies(allergies) for sign in allergy.signs]
    return tuple(
        frozenset(sign.value for sign in signs if sign.kind == kind) for kind in ("class", "name", "plant", "word")
    )


def _read(printed: str) -> Allergy:
    word = " ".join(printed.lower().split())
    signs = [*_table().get(word, ()), *_name_signs(printed)]
    if not signs:
        words = [Sign("no", "word", found, "the word itself") for found in re.findall(r"[A-Z0-9]{4,}", fold(printed))]
        return Allergy(printed, tuple(words), is_known=False)
    return Allergy(printed, tuple(dict.fromkeys(signs)), is_known=True)


def _name_signs(printed: str) -> list[Sign]:
    name = ingredients.dictionary().find(printed)
    if name is None:
        return []
    signs = [Sign("no", "name", name, "the declared name and its synonyms")]
    if "fragrance-allergen" in classes_of(name):
        signs += [Sign("ask", "class", perfumed, HIDDEN) for perfumed in sorted(PERFUMED)]
    return signs


@lru_cache(maxsize=1)
def _table() -> dict[str, list[Sign]]:
    found: dict[str, list[Sign]] = {}
    for row in read_rows("allergies"):
        for word in several(row["words"]):
            found.setdefault(word, []).append(Sign(row["verdict"], row["kind"], _value(row), row["source"]))
    return found


def _value(row: dict[str, str]) -> str:
    """A name as the dictionary gives it, so that any of its synonyms is met."""
    return (ingredients.dictionary().find(row["value"]) or row["value"]) if row["kind"] == "name" else row["value"]
