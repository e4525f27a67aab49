"""The commands that keep a shop in order: set up, check, sweep, backup, copy, rules, worker, keys."""

from __future__ import annotations

import base64
import os
import secrets
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.engine import make_url

from shop.core import clock
from shop.core.db import db
from shop.core.errors import ShopError


@click.command("setup")
@with_appcontext
def setup() -> None:
    """Bring the database up to date and publish the first texts; safe to run again."""
    from shop import migrating
    from shop.plans.starting import add_first_protocols
    from shop.starting import publish_first_texts

    migrating.upgrade()
    publish_first_texts(by="setup")
    add_first_protocols(by="setup")
    db.session.commit()
    click.echo("The shop is set up. Make the first member of staff with `shop create-staff`.")


@click.command("check")
@with_appcontext
def check() -> None:
    """Prove that every counter is what its ledger adds up to; exit 1 names each one that is not."""
    from shop.checking import all_differences

    found = all_differences()
    for sentence in found:
        click.echo(sentence)
    click.echo(f"{len(found)} differences." if found else "Every ledger adds up to its counters.")
    sys.exit(1 if found else 0)


@click.command("sweep")
@with_appcontext
def sweep() -> None:
    """Heal what a crash or a lost message left behind, once."""
    from shop.working import sweep_all

    done = sweep_all()
    click.echo(", ".join(f"{name} {count}" for name, count in done.items()))


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path), required=False)
@with_appcontext
def backup(target: Path | None) -> None:
    """Copy the database while it is in use. TARGET is a file; by default one under instance/backups."""
    shop = current_app.config["SHOP"]
    folder = shop.instance / "backups"
    suffix = "db" if shop.is_sqlite else "dump"
    path = target or folder / f"shop-{clock.now():%Y%m%dT%H%M%S}.{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    if shop.is_sqlite:
        _copy_sqlite(make_url(shop.database_url).database or "", path)
    else:
        url = make_url(shop.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        subprocess.run(["pg_dump", "--format=custom", f"--file={path}", url], check=True)  # noqa: S603, S607
    path.chmod(0o600)
    click.echo(f"{path} ({path.stat().st_size} bytes)")


@click.command("copy-db")
@click.argument("target", metavar="DATABASE_URL")
@with_appcontext
def copy_db(target: str) -> None:
    """Copy the whole shop into another, empty database: sqlite:///… or postgresql+psycopg://…"""
    from shop import copying

    try:
        copied = copying.copy_to(target)
    except ShopError as refused:
        raise click.UsageError(refused.sentence) from None
    wrong = copying.differences(target)
    for sentence in wrong:
        click.echo(sentence)
    click.echo(f"{sum(copied.values())} rows in {len(copied)} tables. Now set DATABASE_URL and run `shop check`.")
    sys.exit(1 if wrong else 0)


@click.command("load-rules")
@with_appcontext
def load_rules() -> None:
    """Read every book of rules and say which edition decides now; exit 1 where one cannot be used."""
    from shop.reading_rules import read_all

    books = read_all()
    for book in books:
        click.echo(book.sentence)
    sys.exit(1 if any(book.fault for book in books) else 0)


@click.command("import-ingredients")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_ingredients(file: Path) -> None:
    """Bring in CosIng's inventory or one of its annexes; safe to run again."""
    from shop.care import loading

    try:
        done = loading.import_ingredients(file)
    except ShopError as refused:
        raise click.UsageError(refused.sentence) from None
    db.session.commit()
    click.echo(", ".join(f"{count} {kind}" for kind, count in done.items()))


@click.command("draw-key")
@click.argument("name", default="k1")
def draw_key(name: str) -> None:
    """Print a new entry for SHOP_FIELD_KEYS."""
    from shop.core.encryption import draw_key as draw

    click.echo(draw(name))


@click.command("rotate-fields")
@with_appcontext
def rotate_fields() -> None:
    """Seal every field anew with the first key of SHOP_FIELD_KEYS; safe to stop and to run again, also while people buy."""
    from shop.core import rotating
    from shop.core.encryption import first_key

    total = 0
    for field in rotating.sealed_fields():
        done = 0
        for count in rotating.rotate(field):
            db.session.commit()
            done += count
        db.session.rollback()
        if done:
            click.echo(f"{field.name}: {done}")
        total += done
    left = sum(rotating.count_old(field) for field in rotating.sealed_fields())
    click.echo(f"{total} fields sealed anew with {first_key()}; {left} left under another key.")
    sys.exit(1 if left else 0)


@click.command("seed-demo")
@with_appcontext
def seed_demo() -> None:
    """Open the demo clinic in an empty database; a second time finds it as it was."""
    from shop.core.keeping import forget_all
    from shop.demo.present import add_present, has_no_present
    from shop.demo.seeding import seed

    if current_app.config["SHOP"].is_production:
        raise click.UsageError("A production shop never gets demo people.")
    password = os.environ.get("SHOP_DEMO_PASSWORD") or secrets.token_urlsafe(9)
    second = os.environ.get("SHOP_DEMO_SECOND_FACTOR") or base64.b32encode(os.urandom(20)).decode()
    demo = seed(password=password, second_factor=second)
    db.session.commit()
    forget_all()
    if has_no_present():  # also where an earlier start was stopped between the two
        add_present()
        db.session.commit()
    if demo is None:
        click.echo("A clinic lives here already; nothing was changed.")
        return
    for email, needs_second in demo.people:
        click.echo(f"{email}  {password}" + (f"  {second}" if needs_second else ""))


@click.command("worker")
@click.option("--threads", default=2, show_default=True)
@with_appcontext
def worker(threads: int) -> None:
    """Work the outbox and Stripe's messages until Ctrl-C."""
    from shop.working import run

    run(current_app._get_current_object(), threads=threads)  # type: ignore[attr-defined]


def _copy_sqlite(source: str, target: Path) -> None:
    """SQLite's own online copy: whole, even while somebody buys."""
    with sqlite3.connect(source) as reading, sqlite3.connect(target) as writing:
        reading.backup(writing)


ALL = (
    copy_db,
    load_rules,
    import_ingredients,
    setup,
    check,
    sweep,
    backup,
    draw_key,
    rotate_fields,
    seed_demo,
)
