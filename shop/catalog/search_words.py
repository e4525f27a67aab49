"""What counts as a word of a search, the same when products are indexed and when somebody types; and how far words lie apart."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
LONGEST_WORD, LONGEST_TEXT = 40, 20_000
SHORTEST_CORRECTED = 4
MARK = "ꙮ"  # stands before a product's number in the index; nobody types it, and it is taken out of what is typed


def words_of(text: str) -> list[str]:
    """Lower case, without accents, a plural s cut off: "Crème, SERUMS" → ["creme", "serum"]."""
    return [_stem(word[:LONGEST_WORD]) for word in WORD.findall(fold(text[:LONGEST_TEXT])) if word != MARK]


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.replace(MARK, " ").casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def trigrams(word: str) -> set[str]:
    """Three letters each, the ends marked by spaces."""
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def is_correctable(word: str) -> bool:
    """Numbers and very short words mean what they say."""
    return len(word) >= SHORTEST_CORRECTED and word.isalpha()


def most_slips(word: str) -> int:
    return 1 if len(word) <= 5 else 2


def slips(first: str, second: str, *, most: int) -> int:
    """Damerau-Levenshtein: letters added, left out, changed or swapped with their neighbour; `most` + 1 when it is more."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(second) + 1))
    for place, letter in enumerate(first, start=1):
        now = [place]
        for other_place, other in enumerate(second, start=1):
            cost = min(last[other_place] + 1, now[-1] + 1, last[other_place - 1] + (letter != other))
            if place > 1 and other_place > 1 and letter == second[other_place - 2] and first[place - 2] == other:
                cost = min(cost, before[other_place - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return min(last[-1], most + 1)


def _stem(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
