"""Ingredient names, places and lists of words as they stand in a sentence for a person."""

from __future__ import annotations

import re
from collections.abc import Sequence

_KEPT = {"NP", "AP", "EOP", "NS", "AS", "NG", "PCA", "CI", "PEG", "PPG", "PVP", "EDTA", "BHT", "DNA", "C"}
_FIRST = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def say_name(name: str) -> str:
    """“CERAMIDE NP” as “Ceramide NP”."""
    return re.sub(r"[A-Za-z]+", lambda word: word[0] if word[0] in _KEPT else word[0].capitalize(), name)


def ordinal(place: int) -> str:
    """“third”, and “23rd” from eleven on."""
    if 0 < place < len(_FIRST):
        return _FIRST[place]
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def say_words(words: Sequence[str], last: str) -> str:
    """“dry, normal and oily”."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)
