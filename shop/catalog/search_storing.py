"""How the words of products are stored for full text on each of the two databases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from shop.catalog.search_words import MARK, is_correctable, trigrams
from shop.core.db import db

if TYPE_CHECKING:
    from shop.catalog.search_index import Document

MOST_POPULAR = 2**30
LOW = 2**32 - 1
MOST_POSITIONS = 16_000  # PostgreSQL numbers the words of a text up to 16383
MANY = 5000


def is_sqlite() -> bool:
    return db.engines[None].dialect.name == "sqlite"


def row_number(product_id: int, popularity: int) -> int:
    """FTS5 walks its rows by number: the popular ones come first, so that the first hundred of a broad word are worth reading."""
    return (MOST_POPULAR - max(0, min(popularity, MOST_POPULAR))) << 32 | product_id


def empty() -> None:
    for table in ("search_product", "search_term", "search_trigram"):
        db.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 (names of our own)


def add(documents: Iterable[Document]) -> None:
    if is_sqlite():
        statement = (
            "INSERT INTO search_product (rowid, name, sku, concern, body) VALUES (:row, :name, :sku, :concern, :body)"
        )
        rows = [_sqlite_row(document) for document in documents]
    else:
        statement = (
            "INSERT INTO search_product (product_id, popularity, names, words) "
            "VALUES (:id, :popularity, CAST(:names AS tsvector), CAST(:words AS tsvector))"
        )
        rows = [_postgres_row(document) for document in documents]
    if rows:
        db.session.execute(text(statement), rows)


def remove(product_ids: Sequence[int]) -> Iterator[set[str]]:
    """Take products out; yields the words that each one had."""
    if is_sqlite():
        yield from map(_remove_from_sqlite, product_ids)
        return
    gone = text("DELETE FROM search_product WHERE product_id IN :ids RETURNING tsvector_to_array(words)")
    for (words,) in db.session.execute(gone.bindparams(bindparam("ids", expanding=True)), {"ids": list(product_ids)}).all():
        yield set(words)


def add_terms(terms: Mapping[str, int]) -> None:
    """Write the terms of an empty table."""
    rows = sorted(terms.items())
    for first in range(0, len(rows), MANY):
        batch = rows[first : first + MANY]
        db.session.execute(
            text("INSERT INTO search_term (term, n) VALUES (:term, :n)"), [{"term": term, "n": n} for term, n in batch]
        )
        _add_trigrams(term for term, _ in batch)


def change_terms(changes: Mapping[str, int]) -> None:
    """So many products more, or fewer, hold each of these words; a word nobody holds any more is forgotten."""
    if not changes:
        return
    raised = (
        "INSERT INTO search_term (term, n) VALUES (:term, :n) "
        "ON CONFLICT (term) DO UPDATE SET n = search_term.n + excluded.n"
    )
    rows = sorted(changes.items())
    db.session.execute(text(raised), [{"term": term, "n": n} for term, n in rows])
    _add_trigrams(term for term, n in rows if n > 0)
    for term in [term for term, n in rows if n < 0]:
        gone = text("DELETE FROM search_term WHERE term = :term AND n <= 0 RETURNING term")
        if db.session.execute(gone, {"term": term}).first():
            _forget_trigrams(term)


def tidy() -> None:
    if is_sqlite():
        db.session.execute(text("INSERT INTO search_product (search_product) VALUES ('optimize')"))
    else:
        for table in ("search_product", "product", "variant", "product_facet", "product_concern"):
            db.session.execute(text(f"ANALYZE {table}"))  # what was planned for an empty shop is slow in a full one


def _add_trigrams(terms: Iterable[str]) -> None:
    rows = [{"trigram": part, "term": term} for term in terms if is_correctable(term) for part in sorted(trigrams(term))]
    if rows:
        known = "INSERT INTO search_trigram (trigram, term) VALUES (:trigram, :term) ON CONFLICT DO NOTHING"
        db.session.execute(text(known), rows)


def _forget_trigrams(term: str) -> None:
    rows = [{"trigram": part, "term": term} for part in trigrams(term)]
    db.session.execute(text("DELETE FROM search_trigram WHERE trigram = :trigram AND term = :term"), rows)


def _sqlite_row(document: Document) -> dict[str, Any]:
    return {
        "row": row_number(document.product_id, document.popularity),
        "name": " ".join(document.name),
        "sku": " ".join([f"{MARK}{document.product_id}", *document.sku]),
        "concern": " ".join(document.concern),
        "body": " ".join(document.body),
    }


def _remove_from_sqlite(product_id: int) -> set[str]:
    own = text("SELECT rowid, name, sku, concern, body FROM search_product WHERE search_product MATCH :mark")
    row = db.session.execute(own, {"mark": f'sku:"{MARK}{product_id}"'}).first()
    if row is None:
        return set()
    db.session.execute(text("DELETE FROM search_product WHERE rowid = :row"), {"row": row[0]})
    return {word for part in row[1:] for word in part.split() if not word.startswith(MARK)}


def _postgres_row(document: Document) -> dict[str, Any]:
    names = [(word, "A") for word in document.name] + [(word, "B") for word in document.sku]
    rest = [(word, "C") for word in document.concern] + [(word, "") for word in document.body]
    return {
        "id": document.product_id,
        "popularity": document.popularity,
        "names": _vector(names),
        "words": _vector(names + rest),
    }


def _vector(words: Sequence[tuple[str, str]]) -> str:
    """Words with their places and weights, as PostgreSQL writes them; a word is letters and digits, so it needs no care."""
    return " ".join(f"'{word}':{place}{weight}" for place, (word, weight) in enumerate(words[:MOST_POSITIONS], start=1))
