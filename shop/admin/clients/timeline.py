"""One client on one line of time: orders, sessions, appointments, plans, cases, answers; what a reader may not see is not on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.cases.models import KINDS, Case
from shop.catalog.models import Treatment
from shop.core.db import db
from shop.intake.models import Screening
from shop.orders.models import Order
from shop.plans.listing import Row
from shop.visits.models import Visit
from shop.wallet.models import Credit

MOST = 60
VISITS = {"booked": "booked", "arrived": "is here", "done": "done", "no_show": "did not come", "cancelled": "called off"}


@dataclass(frozen=True)
class Moment:
    """What happened when; `path` leads there, where there is a page."""

    at: datetime
    words: str
    path: str = ""


def timeline(client_id: int, reader: Any, plans: list[Row] | None) -> list[Moment]:
    """The newest first; five statements or fewer."""
    found: list[Moment] = []
    if reader.can("orders"):
        found += _orders(client_id)
    if reader.can("visits"):
        found += _visits(client_id)
        found += _credits(client_id)
    if reader.can("health"):
        found += _answers(client_id)
        found += _cases(client_id)
    found += [Moment(row.at, f"Plan, {row.state[0]}, by {row.consultant}", f"/admin/plans/{row.id}") for row in plans or ()]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _orders(client_id: int) -> Iterator[Moment]:
    mine = select(Order.number, Order.placed_at).where(Order.client_id == client_id, Order.placed_at.is_not(None))
    for row in db.session.execute(mine.order_by(Order.id.desc()).limit(MOST)):
        yield Moment(row.placed_at, f"Order {row.number}", f"/admin/orders/{row.number}")


def _visits(client_id: int) -> Iterator[Moment]:
    mine = select(Visit.number, Visit.starts_at, Visit.state, Visit.kind, Treatment.name).outerjoin(
        Treatment, Treatment.id == Visit.treatment_id
    )
    mine = mine.where(Visit.client_id == client_id, Visit.state != "moved")
    for row in db.session.execute(mine.order_by(Visit.starts_at.desc()).limit(MOST)):
        words = f"{row.name or row.kind.capitalize()}, {VISITS.get(row.state, row.state)}"
        yield Moment(row.starts_at, words, f"/admin/visits/{row.number}")


def _credits(client_id: int) -> Iterator[Moment]:
    mine = select(Credit).where(Credit.client_id == client_id, Credit.kind == "sessions").order_by(Credit.id.desc())
    for credit in db.session.scalars(mine.limit(MOST)):
        path = f"/admin/clients/{client_id}/sessions/{credit.code}"
        yield Moment(credit.made_at, f"{credit.granted} sessions: {credit.name}", path)


def _answers(client_id: int) -> Iterator[Moment]:
    """That questions were answered, and never what."""
    mine = select(Screening.id, Screening.made_at).where(Screening.client_id == client_id, Screening.withdrawn_at.is_(None))
    for row in db.session.execute(mine.order_by(Screening.id.desc()).limit(MOST)):
        yield Moment(row.made_at, "Questions answered", f"/admin/answers/clients/{client_id}")


def _cases(client_id: int) -> Iterator[Moment]:
    mine = select(Case.id, Case.kind, Case.opened_at, Case.closed_at).where(Case.client_id == client_id)
    for row in db.session.execute(mine.order_by(Case.id.desc()).limit(MOST)):
        state = "closed" if row.closed_at else "open"
        yield Moment(row.opened_at, f"{KINDS.get(row.kind, row.kind)}, {state}", f"/admin/cases/{row.id}")
