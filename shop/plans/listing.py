"""Plans in a list: whose, by whom, in which state, and what has happened since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.accounts.assigning import Reader, seen_by
from shop.accounts.models import Client, User
from shop.core.db import db
from shop.plans.events import events_of
from shop.plans.models import Plan, PlanVersion

PER_PAGE = 50
STATES = {
    "draft": ("draft", "open"),
    "sent": ("sent", "wait"),
    "accepted": ("accepted", "good"),
    "declined": ("declined", "no"),
    "withdrawn": ("withdrawn", "quiet"),
}


@dataclass(frozen=True)
class Row:
    """One plan as a list shows it. `state` is (word, kind), further on than the plan's own where it was seen or bought."""

    id: int
    client_id: int
    client: str
    consultant: str
    state: tuple[str, str]
    total_minor: int
    at: datetime
    is_nothing: bool


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    after: int | None


def find_plans(
    *,
    state: str = "",
    consultant_id: int | None = None,
    client_id: int | None = None,
    after: int | None = None,
    reader: Reader | None = None,
) -> Page:
    """Two statements however many there are."""
    wanted = _rows() if reader is None else _rows().where(seen_by(reader, Plan.client_id))
    if state:
        wanted = wanted.where(Plan.state == state)
    if consultant_id is not None:
        wanted = wanted.where(Plan.consultant_id == consultant_id)
    if client_id is not None:
        wanted = wanted.where(Plan.client_id == client_id)
    if after is not None:
        wanted = wanted.where(Plan.id < after)
    found = db.session.execute(wanted.order_by(Plan.id.desc()).limit(PER_PAGE + 1)).all()
    shown = found[:PER_PAGE]
    happened = events_of([row.Plan.id for row in shown]) if shown else {}
    rows = [_row(row, {event.kind for event in happened.get(row.Plan.id, ())}) for row in shown]
    return Page(rows, shown[-1].Plan.id if len(found) > PER_PAGE else None)


def state_words(state: str, kinds: set[str]) -> tuple[str, str]:
    """ "sent" becomes "opened" and "bought" as it goes on."""
    if "bought" in kinds and state != "withdrawn":
        return "bought", "good"
    return ("opened", "wait") if state == "sent" and "seen" in kinds else STATES[state]


def _rows() -> Any:
    return (
        select(Plan, Client.name, User.name.label("consultant"), PlanVersion.total_minor, PlanVersion.outcome)
        .join(Client, Client.id == Plan.client_id)
        .join(User, User.id == Plan.consultant_id)
        .join(PlanVersion, (PlanVersion.plan_id == Plan.id) & (PlanVersion.number == Plan.version))
        .where(Client.erased_at.is_(None))
    )


def _row(row: Any, kinds: set[str]) -> Row:
    plan = row.Plan
    return Row(
        id=plan.id,
        client_id=plan.client_id,
        client=row.name,
        consultant=row.consultant,
        state=state_words(plan.state, kinds),
        total_minor=row.total_minor,
        at=plan.sent_at or plan.made_at,
        is_nothing=row.outcome == "nothing",
    )
