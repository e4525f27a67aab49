"""Paid sessions become the client's: one credit per bought package or add-on, granted exactly once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from shop.core import clock
from shop.core.db import db
from shop.wallet.models import Credit, CreditMove

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What one bought line gives. `cause` ("order-line:17:1") is unique: the same grant cannot happen twice.

    `units` is each session's worth, a list of [charge, gross minor, vat minor]. Sessions are used within
    `validity_days` of today, unless they come with dates of their own.
    """

    cause: str
    name: str
    statement_name: str
    sessions: int
    units: list[Any]
    currency: str
    validity_days: int = 0
    bought_on: date | None = None
    expires_on: date | None = None
    kind: str = "sessions"
    area: str = ""
    gaps: list[Any] | None = None
    package_id: int | None = None
    treatment_id: int | None = None
    addon_id: int | None = None
    parent_cause: str | None = None
    express_at: datetime | None = None
    express_version: int | None = None
    move: str = "grant"
    reason: str = ""


def grant(client_id: int, grants: Iterable[Grant], *, order_number: str | None, by: str) -> list[Credit]:
    """Write credits and their first move; two statements however many, a third when add-ons hang on packages.

    Raises IntegrityError when one of the causes was granted before: the whole unit of work is then void.
    """
    wanted = list(grants)
    today, now = clock.today(), clock.now()
    packages = _write([_row(client_id, g, order_number, today) for g in wanted if not g.parent_cause])
    extras = [g for g in wanted if g.parent_cause]
    parents = [packages[g.parent_cause or ""].id for g in extras]
    rows = [_row(client_id, g, order_number, today) | {"parent_id": id} for g, id in zip(extras, parents, strict=True)]
    credits = packages | _write(rows)
    moves = [_first_move(credits[g.cause], g, by) | {"at": now} for g in wanted]
    if moves:
        db.session.execute(insert(CreditMove), moves)
    return [credits[g.cause] for g in wanted]


def draw_code() -> str:
    """What a client reads out at the desk: ten signs without look-alikes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def _write(rows: list[dict[str, Any]]) -> dict[str, Credit]:
    """One statement, whatever the database; by their cause, as they come back in any order."""
    if not rows:
        return {}
    return {credit.cause: credit for credit in db.session.scalars(insert(Credit).returning(Credit), rows)}


def _row(client_id: int, given: Grant, order_number: str | None, today: date) -> dict[str, Any]:
    bought_on = given.bought_on or today
    return {
        "code": draw_code(),
        "client_id": client_id,
        "kind": given.kind,
        "package_id": given.package_id,
        "treatment_id": given.treatment_id,
        "addon_id": given.addon_id,
        "name": given.name,
        "statement_name": given.statement_name,
        "area": given.area,
        "gaps": given.gaps or [],
        "granted": given.sessions,
        "free": given.sessions,
        "held": 0,
        "used": 0,
        "reserved": 0,
        "units": given.units,
        "currency": given.currency,
        "bought_on": bought_on,
        "expires_on": given.expires_on or bought_on + timedelta(days=given.validity_days),
        "extensions": 0,
        "express_at": given.express_at,
        "express_version": given.express_version,
        "order_number": order_number,
        "cause": given.cause,
        "made_at": clock.now(),
    }


def _first_move(credit: Credit, given: Grant, by: str) -> dict[str, Any]:
    parts = [part for unit in given.units for part in unit]
    return {
        "credit_id": credit.id,
        "kind": given.move,
        "sessions": given.sessions,
        "gross_minor": sum(gross for _, gross, _ in parts),
        "vat_minor": sum(vat for _, _, vat in parts),
        "expires_on": credit.expires_on,
        "cause": f"{given.move}:{given.cause}",
        "by": by,
        "reason": given.reason,
    }
