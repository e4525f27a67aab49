"""Which class an ingredient belongs to is read from its whole name in a sourced table, never from a part of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from shop.care.normalising import fold
from shop.care.tables import read_rows

CLASSES = (
    "retinoid",
    "aha",
    "bha",
    "pha",
    "ascorbic-acid",
    "vitamin-c-derivative",
    "benzoyl-peroxide",
    "hydroquinone",
    "fragrance",
    "fragrance-allergen",
    "essential-oil",
    "drying-alcohol",
    "scrub",
    "minoxidil",
    "humectant",
    "ceramide",
    "peptide",
    "mineral-filter",
    "organic-filter",
    "soothing",
)
NONE: frozenset[str] = frozenset()


@lru_cache(maxsize=65536)
def classes_of(name: str) -> frozenset[str]:
    """The classes of one INCI name, any spelling of its signs; none for a name outside the table."""
    key = fold(name)
    return _table().get(key) or _oil_of_known_plant(key)


def source_of(name: str, *, of_class: str) -> str | None:
    """Where it stands that this ingredient belongs to this class."""
    return _sources().get((of_class, fold(name)))


def names_in(of_class: str) -> tuple[str, ...]:
    """Every INCI name of one class."""
    return tuple(row["name"] for row in read_rows("classes") if row["class"] == of_class)


def _oil_of_known_plant(key: str) -> frozenset[str]:
    """An aromatic plant's oil, printed with another part than any known name, is an essential oil all the same."""
    words = key.split(" ")
    if words[-1] != "OIL" or "SEED" in words or "KERNEL" in words or key in _known_oils():
        return NONE
    return frozenset({"essential-oil"}) if " ".join(words[:2]) in _aromatic_plants() else NONE


@lru_cache(maxsize=1)
def _known_oils() -> frozenset[str]:
    keys = (fold(row["name"]) for row in read_rows("ingredients") if row["name"].endswith(" OIL"))
    return frozenset(key for key in keys if "SEED" not in key.split(" "))


@lru_cache(maxsize=1)
def _table() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in read_rows("classes"):
        found[fold(row["name"])].add(row["class"])
    return {name: frozenset(classes) for name, classes in found.items()}


@lru_cache(maxsize=1)
def _sources() -> Mapping[tuple[str, str], str]:
    return {(row["class"], fold(row["name"])): row["source"] for row in read_rows("classes")}


@lru_cache(maxsize=1)
def _aromatic_plants() -> frozenset[str]:
    """Genus and species whose every known oil, but that of the seed, is an essential oil: not the rose of the rosehip."""
    oils = {key for key, classes in _table().items() if "essential-oil" in classes and key.endswith(" OIL")}
    plants = {" ".join(key.split(" ")[:2]) for key in oils if len(key.split(" ")) > 2}
    return frozenset(plants - {" ".join(key.split(" ")[:2]) for key in _known_oils() - oils})
