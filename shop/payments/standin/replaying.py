"""One idempotency key, one answer: kept for a day, given again, and never lent to another request."""

from __future__ import annotations

import hashlib
import json
import sqlite3

from shop.payments.standin.envelope import ApiError
from shop.payments.standin.store import Json, Unit

_KEPT_SECONDS = 24 * 3600
Fields = list[tuple[str, str]]


def remembered(unit: Unit, *, path: str, fields: Fields) -> sqlite3.Row | None:
    """The answer that this key got before. Raises ApiError when the key belongs to another request."""
    key = unit.idempotency_key
    unit.sql("DELETE FROM answer WHERE created <= ?", (unit.now - _KEPT_SECONDS,))
    row: sqlite3.Row | None = unit.sql("SELECT * FROM answer WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    if row["path"] != path:
        raise ApiError(
            f"Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{row['path']}' vs '{path}'). Try using a key other than '{key}' if you meant to execute a "
            "different request.",
            type="idempotency_error",
        )
    if row["params"] != _fingerprint(fields):
        raise ApiError(
            "Keys for idempotent requests can only be used with the same parameters they were first used "
            f"with. Try using a key other than '{key}' if you meant to execute a different request.",
            type="idempotency_error",
        )
    return row


def remember(unit: Unit, *, path: str, fields: Fields, status: int, body: Json) -> None:
    """Keep what was answered. Refused parameters are not kept: nothing was begun."""
    if not unit.idempotency_key:
        return
    unit.sql(
        "INSERT INTO answer (key, path, params, status, body, request_id, created) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (unit.idempotency_key, path, _fingerprint(fields), status, json.dumps(body), unit.request_id, unit.now),
    )


def _fingerprint(fields: Fields) -> str:
    return hashlib.sha256(json.dumps(sorted(fields)).encode()).hexdigest()
