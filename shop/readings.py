"""`shop readings EMAIL`: whose answers a member of staff has read, when and why: what has to be known within hours of a breach."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from shop.accounts.models import Client, User
from shop.core.db import db
from shop.explain import DAY
from shop.intake.models import HealthReading


@click.command("readings")
@click.argument("email")
@click.option("--since", type=DAY, default=None, help="Only from this day on, as 2026-06-10.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
def readings(email: str, since: datetime | None, as_json: bool) -> None:
    """Whose health answers this member of staff has read; names and reasons, never an answer."""
    user_id = db.session.scalar(select(User.id).where(User.email == email.strip().lower()))
    if user_id is None:
        raise click.UsageError(f"Nobody signs in as {email}.")
    wanted = select(HealthReading, Client.name, Client.email).join(
        Client, Client.id == HealthReading.client_id, isouter=True
    )
    wanted = wanted.where(HealthReading.by == f"user:{user_id}").order_by(HealthReading.at, HealthReading.id)
    if since is not None:
        wanted = wanted.where(HealthReading.at >= datetime.combine(since, time(), UTC))
    rows = [
        {
            "at": row.at.isoformat(timespec="seconds"),
            "client_id": row.client_id,
            "name": name or "",
            "email": address or "",
            "subject": row.subject,
            "why": row.why or "",
        }
        for row, name, address in db.session.execute(wanted)
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for told in rows:
        click.echo("  ".join(str(value) for value in told.values() if value))
    clients = len({told["client_id"] for told in rows})
    click.echo(f"{len(rows)} readings of {clients} clients.")
