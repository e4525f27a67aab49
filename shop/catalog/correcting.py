"""A word that no product holds is read as the nearest one that some do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Integer, Select, Text, bindparam, column, func, select, table, union_all

from shop.catalog.search_query import synonyms
from shop.catalog.search_words import is_correctable, most_slips, slips, trigrams
from shop.core.reading import Question

CANDIDATES = 60
BEYOND = "\U0010ffff"  # sorts behind everything a word can begin with

TERM = table("search_term", column("term", Text), column("n", Integer))
TRIGRAM = table("search_trigram", column("trigram", Text), column("term", Text))


def correct(words: Sequence[str]) -> list[str] | None:
    """The words with each unknown one corrected; None when nothing could be."""
    known = {word for phrase in synonyms() for word in phrase}
    doubtful = [word for word in words if is_correctable(word) and word not in known]
    unknown = sorted(set(doubtful) - _begun_by_terms(doubtful)) if doubtful else []
    better = _nearest(unknown) if unknown else {}
    return [better.get(word, word) for word in words] if better else None


def _begun_by_terms(words: Sequence[str]) -> set[str]:
    """Those that some term of the index begins with."""
    once = list(dict.fromkeys(words))
    given = {f"word_{n}": word for n, word in enumerate(once)} | {f"end_{n}": word + BEYOND for n, word in enumerate(once)}
    return {word for (word,) in _beginnings(len(once)).ask(**given)}


@lru_cache(maxsize=16)
def _beginnings(count: int) -> Question:
    return Question(union_all(*map(_beginning, range(count))))


def _beginning(number: int) -> Select[Any]:
    word = bindparam(f"word_{number}", type_=Text())
    begun = TERM.c.term.between(word, bindparam(f"end_{number}", type_=Text()))
    return select(select(word.label("word")).where(begun).limit(1).subquery(f"begun_{number}").c.word)


def _nearest(words: Sequence[str]) -> dict[str, str]:
    given: dict[str, Any] = {}
    for n, word in enumerate(words):
        given |= {
            f"word_{n}": word,
            f"parts_{n}": sorted(trigrams(word)),
            f"least_{n}": len(word) - 2,
            f"most_{n}": len(word) + 2,
        }
    best: dict[str, tuple[int, int, str]] = {}
    for word, term, n in _neighbours(len(words)).ask(**given):
        most = most_slips(word)
        distance = slips(word, term, most=most)
        if distance <= most:
            best[word] = min(best.get(word, (most + 1, 0, "")), (distance, -n, term))
    return {word: term for word, (_, _, term) in best.items()}


@lru_cache(maxsize=16)
def _neighbours(count: int) -> Question:
    return Question(union_all(*map(_candidates, range(count))))


def _candidates(number: int) -> Select[Any]:
    """Terms of a like length that share most of the word's parts."""
    parts: BindParameter[Any] = bindparam(f"parts_{number}", expanding=True)
    like = func.length(TRIGRAM.c.term).between(bindparam(f"least_{number}"), bindparam(f"most_{number}"))
    shared = select(TRIGRAM.c.term).where(TRIGRAM.c.trigram.in_(parts), like)
    ranked = shared.group_by(TRIGRAM.c.term).order_by(func.count().desc(), TRIGRAM.c.term).limit(CANDIDATES)
    near = ranked.subquery(f"near_{number}")
    word = bindparam(f"word_{number}", type_=Text())
    return select(word.label("word"), TERM.c.term, TERM.c.n).join(near, near.c.term == TERM.c.term)
