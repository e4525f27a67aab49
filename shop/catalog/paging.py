"""Page after page by where the last one ended, not by counting: the thousandth page costs what the first does."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, tuple_

from shop.catalog.cards import PRODUCT

LARGEST = 2**63 - 1
LONGEST_CURSOR = 1200
Value = int | str | datetime

# sort → column, descending?; the id breaks ties in the same direction, so that one index serves both
ORDERS: dict[str, tuple[Any, bool]] = {
    "relevance": (PRODUCT.popularity, True),
    "price": (PRODUCT.price_minor, False),
    "-price": (PRODUCT.price_minor, True),
    "newest": (PRODUCT.made_at, True),
    "name": (PRODUCT.name, False),
}


def write_cursor(sort: str, value: Value, last_id: int) -> str:
    """Where a page ended, for the address of the next one. It holds no secret and is not signed."""
    said = value.isoformat() if isinstance(value, datetime) else value
    return urlsafe_b64encode(json.dumps([sort, said, last_id], separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(text: str, *, sort: str) -> tuple[Value, int] | None:
    """The value and the id where the page before ended; None for what is forged, broken or of another order."""
    if not text or len(text) > LONGEST_CURSOR or not text.isascii():
        return None
    try:
        said = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, BadBase64, RecursionError):
        return None
    if not isinstance(said, list) or len(said) != 3 or said[0] != sort or not _is_number(said[2]):
        return None
    value = _value(sort, said[1])
    return None if value is None else (value, said[2])


def beyond(sort: str) -> ColumnElement[bool]:
    """Leaves out what was shown, by `after_value` and `after_id`: one comparison of rows, which the index answers."""
    column, is_descending = ORDERS[sort]
    here = tuple_(column, PRODUCT.id)
    there = tuple_(bindparam("after_value", type_=column.type), bindparam("after_id", type_=PRODUCT.id.type))
    return here < there if is_descending else here > there


def order(sort: str, columns: Any = PRODUCT) -> tuple[Any, ...]:
    """ORDER BY of a sort; `columns` are the table's, or those of a subquery that carries the same names."""
    column, is_descending = ORDERS[sort]
    first = columns[column.key]
    return (first.desc(), columns.id.desc()) if is_descending else (first.asc(), columns.id.asc())


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST


def _value(sort: str, said: Any) -> Value | None:
    if sort == "name":
        is_clean = isinstance(said, str) and "\0" not in said and not any("\ud800" <= c <= "\udfff" for c in said)
        return said if is_clean else None
    if sort == "newest":
        return _moment(said)
    return said if _is_number(said) else None


def _moment(said: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or not 1970 <= moment.year < 9000:
        return None
    return moment
