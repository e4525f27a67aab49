"""Ledger rows never change: the database itself refuses UPDATE and DELETE on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import DDL, Table, event

TABLES: list[str] = []

_SQLITE = """CREATE TRIGGER {name} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""
_POSTGRES = "CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"


def statements(table: str, dialect: str) -> Iterator[str]:
    """The DDL that guards one table; migrations run the same text as `create_all`."""
    if dialect == "sqlite":
        for act in ("UPDATE", "DELETE"):
            yield _SQLITE.format(name=f"{table}_no_{act.lower()}", act=act, table=table)
        return
    yield _FUNCTION
    yield _POSTGRES.format(name=f"{table}_append_only", act="UPDATE OR DELETE", table=table)


def append_only(model: type[Any]) -> type[Any]:
    """Class decorator for ledgers."""
    table: Table = model.__table__
    TABLES.append(table.name)
    for dialect in ("sqlite", "postgresql"):
        for text in statements(table.name, dialect):
            event.listen(table, "after_create", DDL(text.replace("%", "%%")).execute_if(dialect=dialect))
    return model
