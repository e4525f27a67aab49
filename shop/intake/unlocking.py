"""A consultant opens for one client, and for a time, what the shop keeps from everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from shop.core import clock
from shop.core.db import changed, db, insert_once
from shop.intake.models import Unlock

MONTHS = 12


@dataclass(frozen=True)
class Unlocked:
    """What is open to a client today, by id."""

    products: frozenset[int] = frozenset()
    packages: frozenset[int] = frozenset()


NOTHING = Unlocked()


def unlock(
    client_id: int,
    *,
    product_id: int | None = None,
    package_id: int | None = None,
    cause: str,
    by: str,
    months: int = MONTHS,
) -> None:
    """From today on, to the day before the same day in so many months. The same cause again changes nothing."""
    today = clock.today()
    what = {"client_id": client_id, "product_id": product_id, "package_id": package_id}
    days = {"begins_on": today, "ends_on": last_day(today, months)}
    insert_once(Unlock, unique="cause", cause=cause, by=by, made_at=clock.now(), **what, **days)


def last_day(begins_on: date, months: int) -> date:
    return clock.add_months(begins_on, months) - timedelta(days=1)


def end_unlocks(cause: str) -> int:
    """Everything that was opened by this cause closes now; says how much."""
    mine = update(Unlock).where(Unlock.cause.startswith(cause, autoescape=True), Unlock.ended_at.is_(None))
    return changed(mine.values(ended_at=clock.now()))


def unlocked_for(client_id: int | None) -> Unlocked:
    """One statement."""
    if client_id is None:
        return NOTHING
    rows = db.session.execute(_holding(clock.today()).where(Unlock.client_id == client_id)).all()
    products = frozenset(row.product_id for row in rows if row.product_id is not None)
    return Unlocked(products, frozenset(row.package_id for row in rows if row.package_id is not None))


def _holding(on: date) -> Any:
    within = Unlock.begins_on <= on, Unlock.ends_on >= on, Unlock.ended_at.is_(None)
    return select(Unlock.product_id, Unlock.package_id).where(*within)
