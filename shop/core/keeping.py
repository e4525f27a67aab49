"""What every page asks for and hardly ever changes is read by each process once in a few seconds, on a connection of its own.

Never the request's own session: on SQLite a POST's first query would take the write lock just to learn the menu.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from flask import current_app
from sqlalchemy import Connection

from shop.core.db import db

FRESH_SECONDS = 5.0  # another process's change shows here after at most this long
Value = TypeVar("Value")


def kept(name: str, read: Callable[[Connection], Value]) -> Value:
    """The kept value, or what `read` finds now. Tests' shops read once, so that statements can be counted."""
    key = f"kept:{name}"
    cached = current_app.extensions.get(key)
    if cached is not None and (current_app.testing or monotonic() - cached[0] < FRESH_SECONDS):
        return cached[1]
    with (db.engines.get("read") or db.engines[None]).connect() as connection:
        value = read(connection)
    current_app.extensions[key] = (monotonic(), value)
    return value


def forget(*names: str) -> None:
    """Read these again at the next question: after a change made here."""
    for name in names:
        current_app.extensions.pop(f"kept:{name}", None)


def forget_all() -> None:
    """Read everything again: after a change that touched all of it, as the demo that moves in."""
    for key in [key for key in current_app.extensions if key.startswith("kept:")]:
        del current_app.extensions[key]
