"""A person is forgotten: what their plans said, what they wrote, their links and what was unlocked go; the sums stay."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from shop.core import clock
from shop.core.db import changed
from shop.intake.models import Unlock
from shop.plans.models import Plan, PlanLink, PlanMessage, PlanText, PlanVersion


def forget_plans(*, client_id: int | None = None, **_facts: object) -> None:
    """Hears "client_erased"."""
    if client_id is None:
        return
    plans = select(Plan.id).where(Plan.client_id == client_id)
    versions = select(PlanVersion.id).where(PlanVersion.plan_id.in_(plans))
    changed(delete(PlanText).where(PlanText.version_id.in_(versions)))
    changed(delete(PlanMessage).where(PlanMessage.plan_id.in_(plans)))
    changed(
        update(PlanLink).where(PlanLink.plan_id.in_(plans), PlanLink.revoked_at.is_(None)).values(revoked_at=clock.now())
    )
    changed(delete(Unlock).where(Unlock.client_id == client_id))
