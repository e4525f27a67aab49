"""A plan is read: its versions, and one of them as it stands today."""

from __future__ import annotations

from sqlalchemy import select

from shop.core.db import db
from shop.plans.lines import read_content
from shop.plans.models import Plan, PlanText, PlanVersion
from shop.plans.opening import Opened, look_again
from shop.plans.person import Person, person_of


def versions_of(plan_id: int) -> list[PlanVersion]:
    """The newest first."""
    mine = select(PlanVersion).where(PlanVersion.plan_id == plan_id)
    return list(db.session.scalars(mine.order_by(PlanVersion.number.desc())))


def opened_plan(plan: Plan, *, number: int, person: Person | None = None) -> Opened | None:
    """One version, looked at again; None once its person has been forgotten."""
    wanted = select(PlanVersion, PlanText.content).join(PlanText, PlanText.version_id == PlanVersion.id)
    row = db.session.execute(wanted.where(PlanVersion.plan_id == plan.id, PlanVersion.number == number)).first()
    if row is None:
        return None
    version, stored = row
    known = person or person_of(plan.client_id)
    return look_again(read_content(stored), known, written_at=version.made_at, currency=version.currency)


def newest_plan(client_id: int | None) -> Plan | None:
    """What a client was sent last and has not said no to."""
    if client_id is None:
        return None
    mine = select(Plan).where(Plan.client_id == client_id, Plan.state.in_(("sent", "accepted")))
    return db.session.scalars(mine.order_by(Plan.sent_at.desc(), Plan.id.desc()).limit(1)).first()
