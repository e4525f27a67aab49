"""Each test begins on an empty, migrated database: a copied file on SQLite, one DELETE round trip on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import inspect

from shop.core.db import Base, db
from tests.support import postgres

LEFTOVERS = ("", "-wal", "-shm", "-journal")


class Database(Protocol):
    """`url` stays the same for the whole run; `dialect` is SQLAlchemy's name."""

    dialect: str
    url: str

    def lay_out(self, app: Flask) -> None:
        """Make the schema, once per process."""

    def refresh(self, app: Flask) -> None:
        """Empty every table, as after the migrations."""

    def drop(self) -> None:
        """Leave nothing behind."""


class SqliteDatabase:
    """A file: in-memory databases would show the reading engine another, empty one."""

    dialect = "sqlite"

    def __init__(self) -> None:
        shared = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="shop-tests-", dir=shared))
        self.path, self.template = self.folder / "shop.db", self.folder / "template.db"
        self.url = f"sqlite:///{self.path}"

    def lay_out(self, app: Flask) -> None:
        migrate(app)
        close(app)
        shutil.move(self.path, self.template)

    def refresh(self, app: Flask) -> None:
        close(app)
        for ending in LEFTOVERS:  # the file itself too: a connection somebody forgot keeps its old one, apart from the new
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresDatabase:
    """A database of this process alone on the shared server."""

    dialect = "postgresql"

    def __init__(self, server: str, *, name: str = "") -> None:
        self.name = name or f"shop_tests_{os.getpid()}"
        self.server = psycopg.connect(server, autocommit=True)
        self.server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(self.name)))
        self.server.execute(sql.SQL("create database {} template template0").format(sql.Identifier(self.name)))
        here = urlunsplit(urlsplit(server)._replace(path=f"/{self.name}"))
        self.url = here.replace("postgresql://", "postgresql+psycopg://", 1)
        self.broom = psycopg.connect(here, autocommit=True)
        self.sweep = ""

    def lay_out(self, app: Flask) -> None:
        migrate(app)
        close(app)
        known = self.broom.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        empty = "; ".join(f'delete from "{name}"' for (name,) in known if name != "alembic_version")
        # as a replica neither foreign keys nor append-only triggers fire, so the order does not matter
        self.sweep = f"set session_replication_role = replica; {empty}; set session_replication_role = origin"

    def refresh(self, app: Flask) -> None:
        self.broom.execute(self.sweep)

    def drop(self) -> None:
        self.broom.close()
        self.server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(self.name)))
        self.server.close()


def create(dialect: str) -> Database:
    if dialect == "sqlite":
        return SqliteDatabase()
    server = postgres.address()
    assert server is not None, "a test for PostgreSQL ran without a server"
    return PostgresDatabase(server)


def migrate(app: Flask) -> None:
    """Bring an empty database up by the migrations, which production runs too.

    A table that no migration knows yet is made from the models, so that work on it can go on; the guard
    `tests/guards/test_migrations.py` fails until the migration is written.
    """
    from shop import migrating  # loads Alembic

    with app.app_context():
        if any((Path(migrating.FOLDER) / "versions").glob("*.py")):
            migrating.upgrade()
        with db.engines[None].begin() as connection:
            known = set(inspect(connection).get_table_names())
            if set(Base.metadata.tables) - known:
                Base.metadata.create_all(connection)


def close(app: Flask) -> None:
    """Let go of every connection of the application."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
