"""The shell: `flask --app wsgi shop …`, `db …` and `worker`; each command is a thin line over a verb of a domain."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

shop = AppGroup("shop", help="Run, fill, check and explain the shop.")


@click.group("db", help="Bring the database to the shape that the code expects.")
def migrations() -> None:
    """Alembic is loaded by these commands alone, never by a serving process."""


@migrations.command("upgrade")
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision: str) -> None:
    """Apply what is missing."""
    from shop import migrating

    migrating.upgrade(revision)


@migrations.command("downgrade")
@click.argument("revision", default="-1")
@with_appcontext
def downgrade(revision: str) -> None:
    """Take the last migration back."""
    from shop import migrating

    migrating.downgrade(revision)


@migrations.command("revision")
@click.option("-m", "--message", required=True)
@click.option("--rev-id")
@with_appcontext
def revision(message: str, rev_id: str | None) -> None:
    """Write a migration from the difference between the models and the database."""
    from shop import migrating

    migrating.revision(message, rev_id=rev_id)


def attach(app: Flask) -> None:
    from shop import commands
    from shop.accounts.cli import create_staff
    from shop.explain import explain
    from shop.imports.cli import ALL as CATALOGUES
    from shop.readings import readings

    for command in (*commands.ALL, create_staff, readings, *CATALOGUES):
        shop.add_command(command)
    shop.add_command(explain)
    app.cli.add_command(shop)
    app.cli.add_command(migrations)
    app.cli.add_command(commands.worker)
