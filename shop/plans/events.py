"""What happened to a plan, each once: sent, seen, accepted, declined, bought."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db, insert_once
from shop.plans.models import PlanEvent


def happened(plan_id: int, kind: str, *, key: str, by: str, detail: str = "") -> bool:
    """Write it down; the same key again is the first time again. Says whether it was new."""
    facts = {"plan_id": plan_id, "kind": kind, "detail": detail, "at": clock.now(), "by": by}
    return insert_once(PlanEvent, unique="key", key=f"plan:{plan_id}:{kind}:{key}", **facts)


def events_of(plan_ids: Iterable[int]) -> dict[int, list[Any]]:
    """plan → its events as plain rows, the oldest first; one statement. A queue reads a thousand, and changes none."""
    found: dict[int, list[Any]] = {}
    columns = (PlanEvent.plan_id, PlanEvent.kind, PlanEvent.detail, PlanEvent.at, PlanEvent.by)
    mine = select(*columns).where(PlanEvent.plan_id.in_(list(plan_ids))).order_by(PlanEvent.id)
    for event in db.session.execute(mine):
        found.setdefault(event.plan_id, []).append(event)
    return found
