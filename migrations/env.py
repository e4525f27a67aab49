"""Runs migrations on the shop's own write engine, on SQLite in batch mode."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from shop.core.db import Base, write_engine

options = dict(current_app.extensions["migrate"].configure_args)


def run() -> None:
    if context.is_offline_mode():
        raise SystemExit("Migrations look at the database they change; run them online.")
    engine = write_engine()
    with engine.connect() as connection:
        _watch_keys(connection, on=False)
        try:
            context.configure(connection=connection, target_metadata=Base.metadata, **options)
            with context.begin_transaction():
                context.run_migrations()
        finally:
            connection.rollback()
            _watch_keys(connection, on=True)


def _watch_keys(connection: Connection, *, on: bool) -> None:
    """SQLite changes a table by making it anew, and would refuse to drop the old one while rows point to it.

    Outside a transaction, where alone it has an effect. What points nowhere afterwards is a broken migration.
    """
    if connection.dialect.name != "sqlite":
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    if on and (lost := raw.execute("PRAGMA foreign_key_check").fetchall()):
        raise RuntimeError(f"Rows point to nothing after the migration: {lost[:5]}")
    raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


run()
