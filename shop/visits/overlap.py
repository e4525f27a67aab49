"""No double booking, ever: on PostgreSQL the database itself refuses two visits that share a person or a room.

On SQLite every writing transaction holds the one lock from its first statement, so the question "is anybody there"
asked inside it (`booking.py`) cannot be overtaken, and no constraint is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import DDL, event

# column → until when it is taken: the client goes before the room is ready again
_ENDS = {"practitioner_id": "ends_at", "room_id": "ends_at", "client_id": "leaves_at"}
_EXCLUDE = """ALTER TABLE visit ADD CONSTRAINT ex_visit_{column} EXCLUDE USING gist
({column} WITH =, tstzrange(starts_at, {end}) WITH &&) WHERE (state IN ('booked', 'arrived', 'done'))"""


def statements(dialect: str) -> Iterator[str]:
    """The DDL; migrations run the same text as `create_all`."""
    if dialect != "postgresql":
        return
    yield "CREATE EXTENSION IF NOT EXISTS btree_gist"
    for column, end in _ENDS.items():
        yield _EXCLUDE.format(column=column, end=end)


def never_overlapping(model: type[Any]) -> type[Any]:
    """Class decorator for the table of visits."""
    for text in statements("postgresql"):
        event.listen(model.__table__, "after_create", DDL(text).execute_if(dialect="postgresql"))
    return model
