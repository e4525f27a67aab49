"""What somebody typed, understood: every word counts, begun words too, and a word of the street finds the catalogue's."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from shop.catalog.models import Synonym
from shop.catalog.search_words import words_of
from shop.core.keeping import kept

KEPT = "search-synonyms"
MOST_WORDS, LONGEST_PHRASE = 8, 3

Phrase = tuple[str, ...]
Group = tuple[Phrase, ...]  # any of these phrases; of a phrase all words
Asked = tuple[Group, ...]  # all of these groups


def understand(words: Sequence[str]) -> Asked:
    """Each word, or run of words, with the synonyms it has."""
    meanings = synonyms()
    groups: list[Group] = []
    place = 0
    while place < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - place), 0, -1):
            phrase = tuple(words[place : place + length])
            if length == 1 or phrase in meanings:
                meant = meanings.get(phrase)
                groups.append((phrase, meant) if meant and meant != phrase else (phrase,))
                place += length
                break
    return tuple(groups)


def read_words(q: str) -> list[str]:
    return list(dict.fromkeys(words_of(q)))[:MOST_WORDS]


def for_sqlite(asked: Asked) -> str:
    """As FTS5 reads it. Words are letters and digits, so nothing typed can be an operator."""
    return " AND ".join(f"({' OR '.join(_and(phrase, ' AND ', _begun) for phrase in group)})" for group in asked)


def for_postgres(asked: Asked) -> str:
    """The same as a tsquery."""
    return " & ".join(f"({' | '.join(_and(phrase, ' & ', _lexeme) for phrase in group)})" for group in asked)


def synonyms() -> dict[Phrase, Phrase]:
    """word(s) → what the catalogue calls it; each process reads the table at most every few seconds."""
    return kept(KEPT, _read)


def _read(connection: Connection) -> dict[Phrase, Phrase]:
    rows = connection.execute(select(Synonym.word, Synonym.means))
    return {tuple(words_of(word)): tuple(words_of(means)) for word, means in rows}


def _and(phrase: Phrase, sign: str, say: object) -> str:
    return f"({sign.join(say(word) for word in phrase)})"  # type: ignore[operator]


def _begun(word: str) -> str:
    return f'"{word}"*' if len(word) > 1 else f'"{word}"'


def _lexeme(word: str) -> str:
    return f"'{word}':*" if len(word) > 1 else f"'{word}'"
