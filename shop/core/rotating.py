"""A new field key takes the old one's place: what was sealed with another key is opened and sealed anew, piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Column, LargeBinary, Table, Text, func, select, type_coerce, update

from shop.core.db import Base, changed, db
from shop.core.encryption import (
    EncryptedBytes,
    EncryptedJSON,
    EncryptedText,
    decrypt,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
    first_key,
)

BATCH = 200
SEALED = (EncryptedText, EncryptedJSON, EncryptedBytes)


@dataclass(frozen=True)
class Field:
    """One sealed column."""

    table: Table
    column: Column[Any]

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.column.name}"

    @property
    def raw(self) -> Any:
        """The column as it is stored."""
        return type_coerce(self.column, LargeBinary() if self.is_bytes else Text())

    @property
    def is_bytes(self) -> bool:
        return isinstance(self.column.type, EncryptedBytes)

    @property
    def is_old(self) -> Any:
        """The condition under which a field is sealed with another key than the first."""
        prefix: Any = f"{first_key()}."
        start = func.substr(self.raw, 1, len(prefix))
        return self.raw.is_not(None) & (start != (prefix.encode() if self.is_bytes else prefix))


def sealed_fields() -> list[Field]:
    """Every sealed column of the shop, in order of its name."""
    tables = Base.metadata.tables.values()
    found = [Field(table, column) for table in tables for column in table.columns if isinstance(column.type, SEALED)]
    return sorted(found, key=lambda field: field.name)


def count_old(field: Field) -> int:
    return int(db.session.scalar(select(func.count()).select_from(field.table).where(field.is_old)) or 0)


def rotate(field: Field) -> Iterator[int]:
    """Seal a column anew; yields after each piece how many fields it was, and the caller commits there.

    A field that somebody writes meanwhile is left alone: it is sealed with the new key already. Raises UnknownKey for
    one whose key is gone.
    """
    key = next(iter(field.table.primary_key.columns))
    again: Callable[[Any], Any] = _bytes_again if field.is_bytes else _text_again
    last: Any = None
    while True:
        rows = select(key, field.raw).where(field.is_old).order_by(key).limit(BATCH)
        found = db.session.execute(rows if last is None else rows.where(key > last)).all()
        if not found:
            return
        for row_id, raw in found:
            mine = update(field.table).where(key == row_id, field.raw == raw)
            changed(mine.values({field.column.name: type_coerce(again(raw), cast("Any", field.raw.type))}))
        last = found[-1][0]
        yield len(found)


def _text_again(raw: str) -> str:
    return encrypt(decrypt(raw))


def _bytes_again(raw: bytes) -> bytes:
    return encrypt_bytes(decrypt_bytes(raw))
