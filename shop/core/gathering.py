"""Several rows in one text, where asking the database once more would cost more than taking the text apart."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

BETWEEN, WITHIN = "\x1e", "\x1f"  # the signs that part records and fields; they stand in no text


class gathered(FunctionElement[str]):
    """An aggregate: the columns of each row parted by WITHIN, the rows by BETWEEN; null when there is no row."""

    type = Text()
    inherit_cache = True
    name = "gathered"


@compiles(gathered, "sqlite")
def _sqlite(element: gathered, compiler: Any, **options: Any) -> str:
    return f"group_concat({_fields(element, compiler, 'char(31)', options)}, char(30))"


@compiles(gathered, "postgresql")
def _postgresql(element: gathered, compiler: Any, **options: Any) -> str:
    return f"string_agg({_fields(element, compiler, 'chr(31)', options)}, chr(30))"


def _fields(element: gathered, compiler: Any, sign: str, options: dict[str, Any]) -> str:
    columns = [f"CAST({compiler.process(column, **options)} AS TEXT)" for column in element.clauses]
    return f" || {sign} || ".join(columns)
