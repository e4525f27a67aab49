"""Questions that many pages ask: written and compiled once, then asked of the driver itself, with values alone.

What SQLAlchemy does around a statement costs a page more than SQLite needs to answer it. A question finds what is
committed; where the request may write, or there is none, the session answers it, with its own changes.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any

from flask import g, has_request_context
from sqlalchemy import Engine

from shop.core.db import db

Process = Callable[[Any], Any]


class Question:
    """A SELECT with named values. Its rows are named tuples, with the types of its columns."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def ask(self, **values: Any) -> Sequence[Any]:
        """All rows."""
        engine = db.engines.get("read") if has_request_context() and g.get("reads_only") else None
        if engine is None:
            return db.session.connection().execute(self.statement, values).all()
        compiled = self._compiled.get(engine.dialect.name)
        if compiled is None:
            compiled = self._compiled[engine.dialect.name] = _Compiled(self.statement, engine)
        return compiled.ask(engine, values) if compiled.is_fixed else _ask_carefully(engine, self.statement, values)


class _Compiled:
    """The text for one database, the order of its values, and what turns values and columns into each other."""

    def __init__(self, statement: Any, engine: Engine) -> None:
        dialect = engine.dialect
        compiled = statement.compile(dialect=dialect)
        self.statement, self.text = statement, str(compiled)
        self.is_fixed = "__[POSTCOMPILE" not in self.text  # a list of values changes the text each time
        self.order: list[str] | None = list(compiled.positiontup or ()) if compiled.positional else None
        self.incoming = {
            compiled.bind_names[bind]: process
            for bind in compiled.bind_names
            if (process := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        self.fixed = self._ready(compiled.construct_params(_check=False))
        columns = list(statement.selected_columns)
        self.row: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]
        impls = [column.type.dialect_impl(dialect) for column in columns]
        self.outgoing = [
            (place, process) for place, impl in enumerate(impls) if (process := impl.result_processor(dialect, None))
        ]

    def ask(self, engine: Engine, values: dict[str, Any]) -> Sequence[Any]:
        ready = self.fixed | self._ready(values)
        given = ready if self.order is None else tuple([ready[name] for name in self.order])
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            for count in engine.dispatch.before_cursor_execute:  # whoever counts statements counts these too
                count(None, cursor, self.text, given, None, False)
            cursor.execute(self.text, given)
            found = cursor.fetchall()
            cursor.close()
        except engine.dialect.loaded_dbapi.Error:  # a connection that was lost; asked once more, with all the care there is
            connection.invalidate()
            return _ask_carefully(engine, self.statement, values)
        finally:
            connection.close()
        return [self._row(values) for values in found]

    def _ready(self, values: dict[str, Any]) -> dict[str, Any]:
        incoming = self.incoming
        return {name: incoming[name](value) if name in incoming else value for name, value in values.items()}

    def _row(self, values: Sequence[Any]) -> Any:
        if self.outgoing:
            changed = list(values)
            for place, process in self.outgoing:
                changed[place] = process(changed[place])
            return self.row._make(changed)
        return self.row._make(values)


def _ask_carefully(engine: Engine, statement: Any, values: dict[str, Any]) -> Sequence[Any]:
    with engine.connect() as connection:
        return connection.execute(statement, values).all()
