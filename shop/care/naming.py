"""One printed entry of an ingredient list is turned into the INCI name it stands for, or honestly into none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from shop.care.ingredients import PLANT_PARTS, Dictionary, word_list
from shop.care.normalising import fold, inside_brackets, outside_brackets, take_percent

QUALIFIER = (
    r"(?:(?:certified|usda)\s+)?organic(?:ally grown)?|natural(?:ly derived)?|pure|purified|unrefined|refined|raw|virgin|"
    r"cold[- ]pressed|extra|deioni[sz]ed|de-?mineralized|distilled|micronized|non-nano|nano|fair ?trade|vegan|wild ?crafted|wildharvested|"
    r"biodynamic|food grade|cosmetic grade|pharmaceutical grade|sustainable|plant[- ]derived|fermented|vegetable(?= glycerin)|usp|"
    r"ethically sourced|fresh|encapsulated|liposomal|stabili[sz]ed|bio|from|and|with|contains?|of|active"
)
QUALIFIED = re.compile(
    rf"^(?:{QUALIFIER})\b[\s:-]*|[\s(\[-]*\b(?:nano|organic|usp|extra virgin|oil soluble)\b[)\]]?$", re.IGNORECASE
)
FOREIGN = word_list("foreign")
STRAY = re.compile(
    r"\b\d{2,7}-\d{2}-\d\b|\b\d{1,2}:\d\b|^(?:\([+-]{1,2}\)-?|[+-])?(?:dl?|l|n)-(?:alpha[ -])?(?=[a-z]{4})|^\s*\d{1,2}[.)]\s+(?=[A-Za-z])",
    re.IGNORECASE,
)
AUTHOR = re.compile(r"\b(?:l|spp?|ssp|subsp|var|dc|mill|linn)\.?(?=\s|$|\))", re.IGNORECASE)
LONGEST_READ = 300  # a longer entry is one of the inventory's own monsters, or no name


@dataclass(frozen=True, slots=True)
class Reading:
    """What one entry says: its INCI name (None when not read), further names in brackets or after slashes, a percentage.

    `guessed` tells that spelling was mended or a plant was read by its genus and species.
    """

    name: str | None
    also: tuple[str, ...]
    percent: float | None
    guessed: bool = False


@lru_cache(maxsize=65536)
def read_name(printed: str, dictionary: Dictionary) -> Reading:
    """The entry read with a dictionary: as printed, without brackets, by its parts, and at last by mending."""
    if len(printed) > LONGEST_READ:
        return Reading(dictionary.find(printed), (), None)
    core, percent = take_percent(printed)
    if whole := dictionary.find(core):
        return Reading(whole, tuple(_bracketed(core, whole, dictionary)), percent)
    name = next(filter(None, map(dictionary.find, _wordings(core))), None)
    guess = None if name else next(filter(None, (_guess(wording, dictionary) for wording in _wordings(core))), None)
    parts = _slash_parts(core) if name is None and guess is None else []
    found = name or guess or (_read_parts(parts, dictionary) if parts else None)
    also = [*_bracketed(core, found, dictionary), *_read_all(_slash_parts(outside_brackets(core)), found, dictionary)]
    return Reading(found, tuple(dict.fromkeys(also)), percent, guessed=guess is not None)


def is_name(printed: str, dictionary: Dictionary) -> bool:
    """Whether the words are an ingredient's name without any guess."""
    reading = read_name(printed, dictionary)
    return reading.name is not None and not reading.guessed


def _wordings(core: str) -> Iterator[str]:
    """What is worth looking up, the most literal wording first."""
    yield core
    if any(sign in core for sign in "([{"):
        yield re.sub(r"[()\[\]{}]", " ", core)
        yield outside_brackets(core)
    bare = _unqualified(core)
    if bare != core:
        yield bare
        yield outside_brackets(bare)
    if (plain := STRAY.sub(" ", AUTHOR.sub(" ", bare))) != bare:
        yield plain
        yield outside_brackets(plain)
    yield from _inner_wordings(core)


def _inner_wordings(core: str) -> Iterator[str]:
    """A name in brackets; a common name before its part, as in "(Turmeric) Root Extract", goes with that part."""
    for inner in inside_brackets(core):
        before, rest = core.split(inner, 1)
        rest = rest.lstrip(")]} ")
        if not re.search(r"[A-Za-z]{3}", rest):
            yield inner
        elif len(_unqualified(before.rstrip("([{ ")).split()) <= 2:
            yield f"{inner} {rest}"


def _bracketed(core: str, name: str | None, dictionary: Dictionary) -> Iterator[str]:
    """Further names in brackets. A vitamin's letter behind a known name only says what kind of thing it is."""
    for inner in inside_brackets(core):
        if name and re.match(r"(?:pro)?[- ]?vitamin\b", inner, re.IGNORECASE):
            continue
        yield from _read_all([inner, *re.split(r"[/,;]|\band\b", inner)], name, dictionary)


def _read_all(parts: list[str], name: str | None, dictionary: Dictionary) -> list[str]:
    found = map(dictionary.find, parts)
    return [other for other in found if other and other != name]


def _slash_parts(core: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"[/\\]|\s-\s", core) if part.strip()]
    return parts if len(parts) > 1 else []


def _read_parts(parts: list[str], dictionary: Dictionary) -> str | None:
    """The name of an entry given in several languages: each part is a name, or its words are known or foreign."""
    names = [next(filter(None, map(dictionary.find, _wordings(part))), None) for part in parts]
    first = next(filter(None, names), None)
    if first and all(name or _is_translation(part, first, dictionary) for name, part in zip(names, parts, strict=True)):
        return first
    return None


def _is_translation(part: str, name: str, dictionary: Dictionary) -> bool:
    """Words that no new ingredient can hide in: a foreign form, a common name of the same form, a pair of known words."""
    words = re.findall(r"[A-Z']+", fold(outside_brackets(part)))
    if set(words) & FOREIGN:
        return True
    same_form = words[-1:] == fold(name).split(" ")[-1:] and words[-1] in PLANT_PARTS
    return len(words) < 5 and (same_form or (len(words) < 3 and all(map(dictionary.is_word, words))))


def _unqualified(core: str) -> str:
    previous = ""
    while core != previous:
        previous, core = core, QUALIFIED.sub("", core.strip(" *+.-")).strip(" *+.-")
    return core


def _guess(wording: str, dictionary: Dictionary) -> str | None:
    key = fold(wording)
    if len(key) < 4 or not re.search(r"[A-Z]{3}", key):
        return None
    return (
        _plural(key, dictionary)
        or _plant(key, dictionary)
        or _family(key, dictionary)
        or _ferment(key, dictionary)
        or dictionary.mend(key)
    )


def _plural(key: str, dictionary: Dictionary) -> str | None:
    singular = re.sub(r"(?<=[A-Z]{3})S$", "", key)
    return dictionary.find_folded(singular) if singular != key else None


def _family(key: str, dictionary: Dictionary) -> str | None:
    return key if dictionary.has_family(key) else None


def _ferment(key: str, dictionary: Dictionary) -> str | None:
    """A ferment of known things: its own name, since what went in has become something else."""
    words = re.findall(r"[A-Z]+", key)
    return key if "FERMENT" in words and "/" in key and all(map(dictionary.is_word, words)) else None


def _plant(key: str, dictionary: Dictionary) -> str | None:
    """A known plant with known words for its parts, under the dictionary's name for just these parts or its own."""
    words = key.replace("/", " ").replace("-", " ").split(" ")
    known = dictionary.plants(" ".join(words[:2]))
    if not known or not all(word in PLANT_PARTS for word in words[2:]):
        return None
    return next(
        (name for name in map(dictionary.find_folded, sorted(known)) if name and set(fold(name).split(" ")) == set(words)),
        key,
    )
