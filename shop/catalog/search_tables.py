"""The full-text tables of both databases; Alembic cannot describe them, so migrations and tests call this."""

from __future__ import annotations

from sqlalchemy import Connection, text

_SQLITE = (
    "CREATE VIRTUAL TABLE search_product USING fts5(name, sku, concern, body, tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')",
    "CREATE TABLE search_term (term TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE search_trigram (trigram TEXT NOT NULL, term TEXT NOT NULL, PRIMARY KEY (trigram, term)) WITHOUT ROWID",
)
_POSTGRES = (
    (
        "CREATE TABLE search_product (product_id bigint PRIMARY KEY, popularity integer NOT NULL, names tsvector NOT NULL, "
        "words tsvector NOT NULL)"
    ),
    "CREATE INDEX search_product_names ON search_product USING gin (names)",
    "CREATE INDEX search_product_words ON search_product USING gin (words)",
    "CREATE INDEX search_product_popularity ON search_product (popularity DESC, product_id)",
    'CREATE TABLE search_term (term text COLLATE "C" PRIMARY KEY, n integer NOT NULL)',
    "CREATE TABLE search_trigram (trigram text NOT NULL, term text NOT NULL, PRIMARY KEY (trigram, term))",
)


def create(connection: Connection) -> None:
    """Make the tables on an empty database."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES:
        connection.execute(text(statement))


def drop(connection: Connection) -> None:
    """Take them away again, in the order of a downgrade."""
    for table in ("search_product", "search_term", "search_trigram"):
        connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
