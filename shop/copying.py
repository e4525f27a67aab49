"""`shop copy-db`: a whole shop into another, empty database, for the day when one machine becomes several.

Values go over as they are stored: sealed fields stay sealed and need the same keys. Both shops must be closed to visitors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import current_app
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    TypeDecorator,
    delete,
    func,
    insert,
    select,
    text,
)

from config import Config
from shop.core.db import Base, UTCDateTime, db, write_engine
from shop.core.errors import Refused
from shop.core.settings import Setting
from shop.payments import mode

BATCH = 1000
MADE_ANEW = ("facet_count",)  # worked out from the rows, as the search index is


def copy_to(target_url: str) -> dict[str, int]:
    """Lay out the target, copy every table and commit; {table: rows}. Raises Refused for a target that holds something."""
    shop: Config = current_app.config["SHOP"]
    if target_url == shop.database_url:
        raise Refused("That is the database the shop runs on; name another one.")
    target = _laid_out(replace(shop, database_url=target_url, testing=True))
    with target.app_context():
        into = write_engine()
    db.session.rollback()  # on SQLite a transaction of ours would hold the only lock
    with write_engine().connect() as reading, into.begin() as writing:
        if reading.dialect.name == "postgresql":  # one moment for all tables; SQLite's BEGIN IMMEDIATE is one already
            reading.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        _refuse_filled(writing)
        copied = {table.name: _copy(table, reading, writing) for table in _tables()}
        _go_on_counting(writing)
    with target.app_context():
        _make_anew()
    _let_go(target)
    return copied


def differences(target_url: str) -> list[str]:
    """Tables of which the other database does not hold as many rows; empty when the copy is whole."""
    from sqlalchemy import create_engine

    other = create_engine(target_url)
    try:
        there, here = _counts(other), _counts(write_engine())
    finally:
        other.dispose()
    return [f"{name}: {here[name]} rows here, {there[name]} there" for name in here if here[name] != there[name]]


def _counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as reading:
        return {table.name: reading.scalar(select(func.count()).select_from(table)) or 0 for table in _tables()}


def _tables() -> list[Table]:
    """In an order in which every row finds the rows it names."""
    return [table for table in Base.metadata.sorted_tables if table.name not in MADE_ANEW]


def _laid_out(shop: Config) -> Any:
    """The same shop on the target, every migration applied."""
    from shop import create_app, migrating

    target = create_app(shop)
    with target.app_context():
        migrating.upgrade()
    return target


def _refuse_filled(writing: Connection) -> None:
    writing.execute(delete(Setting).where(Setting.key == mode.KEY))  # written by its first start; ours comes with the copy
    for table in Base.metadata.sorted_tables:
        if writing.execute(select(table).limit(1)).first() is not None:
            raise Refused(f"The target is not empty: {table.name} holds rows. Name a new database.")


def _copy(table: Table, reading: Connection, writing: Connection) -> int:
    plain, copied = _as_stored(table), 0
    for rows in _batches(reading.execute(select(plain).order_by(*plain.primary_key.columns))):
        writing.execute(insert(plain), rows)
        copied += len(rows)
    return copied


def _batches(result: Any) -> Iterator[list[dict[str, Any]]]:
    for rows in result.mappings().partitions(BATCH):
        yield [dict(row) for row in rows]


def _as_stored(table: Table) -> Table:
    """The table without what seals and opens; moments keep their type, since the databases store them differently."""
    columns = []
    for column in table.columns:
        kind: Any = column.type
        if isinstance(kind, TypeDecorator) and not isinstance(kind, UTCDateTime):
            kind = kind.impl
        columns.append(Column(column.name, kind, primary_key=column.primary_key, autoincrement=False))
    return Table(table.name, MetaData(), *columns)


def _go_on_counting(writing: Connection) -> None:
    """The next row of each table gets the next number; SQLite counts by itself."""
    if writing.dialect.name != "postgresql":
        return
    for table in _tables():
        keys = list(table.primary_key.columns)
        if len(keys) == 1 and isinstance(keys[0].type, Integer):
            last = writing.scalar(select(func.max(keys[0])))
            sequence = func.pg_get_serial_sequence(table.name, keys[0].name)
            writing.execute(select(func.setval(sequence, last or 1, last is not None)))


def _make_anew() -> None:
    """What is worked out from the rows: the search index belongs to each database alone."""
    from shop.catalog import indexing

    indexing.rebuild()
    db.session.commit()
    db.session.remove()


def _let_go(target: Any) -> None:
    with target.app_context():
        for engine in db.engines.values():
            engine.dispose()
