"""One database, two ways in: what writes begins IMMEDIATE, what only reads cannot write.

On SQLite a transaction that reads first and writes later is refused at once when another wrote in between, so the
write engine takes the lock when it begins, waiting in short naps (SQLite's own waiting is unfair to some clients).
GET requests use an AUTOCOMMIT engine that the database itself keeps from writing: no BEGIN, no lock, no accident.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from random import random
from time import monotonic, sleep
from typing import Annotated, Any, TypeVar, cast

from flask import Flask, g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    JSON,
    BigInteger,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    Integer,
    MetaData,
    Select,
    Text,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from shop.core.errors import NotFound

WAIT_SECONDS = 10
WholeNumber = BigInteger().with_variant(Integer, "sqlite")
JSONType = JSON().with_variant(JSONB(), "postgresql")
Row = TypeVar("Row")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; a naive value is a programming error and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone was about to be stored.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


IdPk = Annotated[int, mapped_column(WholeNumber, primary_key=True)]


_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_TYPES: dict[Any, Any] = {
    int: WholeNumber,
    str: Text(),
    datetime: UTCDateTime(),
    dict[str, Any]: JSONType,
    list[Any]: JSONType,
    list[str]: JSONType,
    list[int]: JSONType,
}


class Base(DeclarativeBase):
    """All tables; constraints are named by convention so that migrations can speak of them on both databases."""

    registry = registry(metadata=MetaData(naming_convention=_NAMES), type_annotation_map=_TYPES)


class ShopSession(Session):
    """Chooses the reading engine for requests that may only read."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **options: Any) -> Any:
        if bind is None and has_request_context() and g.get("reads_only") and "read" in self._db.engines:
            return self._db.engines["read"]
        return super().get_bind(mapper=mapper, clause=clause, bind=bind, **options)


db = SQLAlchemy(model_class=Base, session_options={"class_": ShopSession}, disable_autonaming=True)


def engine_settings(url: str) -> dict[str, Any]:
    """Flask-SQLAlchemy's configuration of both engines for one database address."""
    read: dict[str, Any] = {
        "url": url,
        "isolation_level": "AUTOCOMMIT",
        "pool_reset_on_return": None,
        "skip_autocommit_rollback": True,
    }
    options: dict[str, Any] = {}
    if not url.startswith("sqlite"):
        options = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}
        read |= options | {"connect_args": {"options": "-c default_transaction_read_only=on"}}
        options = options | {"connect_args": {"options": f"-c lock_timeout={WAIT_SECONDS}s"}}  # as long as SQLite waits
    return {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": options, "SQLALCHEMY_BINDS": {"read": read}}


def attach_engines(app: Flask) -> None:
    """Teach both engines of this application how to begin; called once, by create_app()."""
    with app.app_context():
        write, read = db.engines[None], db.engines["read"]
    if write.dialect.name != "sqlite":
        return
    event.listen(write, "connect", _on_write_connect)
    event.listen(write, "begin", _begin_immediate)
    event.listen(read, "connect", _on_read_connect)


def _on_write_connect(raw: sqlite3.Connection, _record: object) -> None:
    raw.isolation_level = None  # the driver opens nothing by itself
    _pragmas(raw, "busy_timeout=5000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=0")


def _on_read_connect(raw: sqlite3.Connection, _record: object) -> None:
    _pragmas(raw, "busy_timeout=5000", "mmap_size=2147418112", "cache_size=-4000", "query_only=ON")


def _pragmas(raw: sqlite3.Connection, *settings: str) -> None:
    for setting in settings:
        raw.execute(f"PRAGMA {setting}")


def _begin_immediate(connection: Any) -> None:
    raw = connection.connection.dbapi_connection
    deadline, nap = monotonic() + WAIT_SECONDS, 0.0005
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as refused:
            if refused.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise OperationalError("BEGIN IMMEDIATE", None, refused) from refused
        sleep(nap * (0.5 + random()))  # noqa: S311 (spreads out the waiters, no secret)
        nap = min(nap * 1.3, 0.004)


def writes(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a GET view as one of the few that may write (DESIGN: return page, last seen, reading log)."""
    view.writes = True  # type: ignore[attr-defined]
    return view


@contextmanager
def write_apart() -> Iterator[Session]:
    """A short transaction of its own on the write engine, whatever the request is allowed to do.

    Commits on leaving, rolls back on an error. For counters that must survive a rollback (limits, reading log).
    On SQLite it must not be entered while this thread's own session holds the write lock.
    """
    from sqlalchemy.orm import Session as PlainSession

    with PlainSession(write_engine()) as session, session.begin():
        yield cast("Session", session)


def write_engine() -> Engine:
    return db.engines[None]


def changed(statement: Executable, **values: Any) -> int:
    """Run an UPDATE or DELETE and say how many rows it changed; `values` are those of its named places."""
    done = db.session.execute(statement, values or None, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount


def insert_once(model: type[Base], *, unique: str, **values: Any) -> bool:
    """Add one row unless another with the same `unique` column is there, or just being added; says whether it was new."""
    if db.session.new or db.session.dirty:
        db.session.flush()
    statement = _insert_once(model, unique, db.session.get_bind().dialect.name)
    return db.session.connection().execute(statement, values).first() is not None


@lru_cache
def _insert_once(model: type[Base], unique: str, dialect: str) -> Any:
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_of
    else:
        from sqlalchemy.dialects.sqlite import insert as insert_of  # type: ignore[assignment]
    row = insert_of(model.__table__).on_conflict_do_nothing(index_elements=[unique])  # type: ignore[arg-type]
    # A row that is asked for is surer than a count, which the driver does not always know.
    return row.returning(model.__table__.c[unique])


def one_or_404(statement: Select[Row], sentence: str = "That page is not here.") -> Row:
    """The one row of a statement already scoped to the person who asks. Raises NotFound."""
    row = db.session.execute(statement).scalars().first()
    if row is None:
        raise NotFound(sentence)
    return row
