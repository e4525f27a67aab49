"""What the stand-in remembers: Stripe's objects, answers given under a key, and switches, in one SQLite file."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import string
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS object (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    created INTEGER NOT NULL, owner TEXT, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS object_kind ON object (kind, seq);
CREATE INDEX IF NOT EXISTS object_owner ON object (owner, kind);
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, path TEXT NOT NULL, params TEXT NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL, request_id TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, due_at REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'pending');
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (state, due_at);
CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_LETTERS = string.ascii_letters + string.digits


class Store:
    """One file for all threads and processes of the stand-in; each thread has a connection of its own."""

    def __init__(self, path: str | Path, *, clock: Callable[[], datetime]) -> None:
        self._path = str(path)
        self._clock = clock
        self._own = threading.local()
        connection = self._connected()
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(_TABLES)

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """One transaction: everything inside happens, or nothing. Units wait for each other."""
        connection = self._connected()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield Unit(connection, now=int(self._clock().timestamp()))
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _connected(self) -> sqlite3.Connection:
        """The connection of this thread; a process that was forked off makes its own."""
        if getattr(self._own, "process", None) != os.getpid():
            connection = sqlite3.connect(self._path, timeout=20, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA synchronous=NORMAL")
            self._own.connection, self._own.process = connection, os.getpid()
        found: sqlite3.Connection = self._own.connection
        return found


class Unit:
    """The open transaction; `now` is one moment for all that happens in it, in seconds since 1970."""

    def __init__(self, connection: sqlite3.Connection, *, now: int) -> None:
        self.sql = connection.execute
        self.now = now
        self.request_id: str | None = None
        self.idempotency_key: str | None = None

    def add(self, body: Json, *, owner: str | None = None) -> Json:
        """Remember a new object. `owner` is what lists of its kind are asked for by."""
        self.sql(
            "INSERT INTO object (id, kind, created, owner, body) VALUES (?, ?, ?, ?, ?)",
            (body["id"], body["object"], body["created"], owner, json.dumps(body)),
        )
        return body

    def save(self, body: Json) -> Json:
        """Remember what an object looks like now."""
        self.sql("UPDATE object SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))
        return body

    def find(self, kind: str, id: str | None) -> Json | None:
        """The object, or None when there is none of that kind."""
        row = self.sql("SELECT body FROM object WHERE id = ? AND kind = ?", (id, kind)).fetchone()
        return json.loads(row["body"]) if row else None

    def all(self, kind: str, *, owner: str | None = None) -> list[Json]:
        """Every object of a kind, oldest first."""
        found = self.sql(
            "SELECT body FROM object WHERE kind = ? AND (? IS NULL OR owner = ?) ORDER BY seq",
            (kind, owner, owner),
        )
        return [json.loads(row["body"]) for row in found]

    def switch(self, name: str, default: Any = None) -> Any:
        """The value of a switch of the control desk."""
        row = self.sql("SELECT value FROM switch WHERE name = ?", (name,)).fetchone()
        return json.loads(row["value"]) if row else default

    def set_switch(self, name: str, value: Any) -> None:
        self.sql("INSERT OR REPLACE INTO switch VALUES (?, ?)", (name, json.dumps(value)))


def new_id(prefix: str, *, length: int = 24) -> str:
    """A number as Stripe draws them: `pi_` and letters and figures that nobody guesses."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


def without(body: Mapping[str, Any], *names: str) -> Json:
    """A copy that leaves out what is only the stand-in's own."""
    return {key: value for key, value in body.items() if key not in names}
