"""What is in a bottle has changed: the plans that name it are judged again, and whom it concerns hears before they order."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select

from shop.accounts.models import Client
from shop.care.calendar import VERDICTS
from shop.care.loading import window_rules
from shop.catalog.models import Variant
from shop.core import clock
from shop.core.db import db
from shop.core.mail import send
from shop.core.settings import setting
from shop.intake.calendar import Calendar
from shop.intake.facts import NOTHING_KNOWN, facts_of_clients
from shop.intake.labels import label_of
from shop.plans.linking import draw_link
from shop.plans.models import Plan, PlanItem, PlanVersion
from shop.visits.skin_days import sessions_of_clients

BY = "worker"


def hear_list_changed(*, product_id: int, was: str, now: str) -> int:
    """Hears "product.list_changed"; says how many open plans name the product.

    A client for whom the rules now speak differently gets one note that says that the list has changed and never why.
    """
    plans = _open_plans(product_id)
    if not plans:
        return 0
    ids = sorted({plan.client_id for plan in plans})
    sessions, told, rules = sessions_of_clients(ids), facts_of_clients(ids), window_rules()
    before, after = label_of(was), label_of(now)
    mark = f"{product_id}:{clock.today()}:{sha256(now.encode()).hexdigest()[:16]}"
    for client_id in ids:
        calendar = Calendar(sessions.get(client_id, ()), clock.today(), rules, told.get(client_id, NOTHING_KNOWN))
        if _rank(calendar, after) > _rank(calendar, before):
            newest = max((plan for plan in plans if plan.client_id == client_id), key=lambda plan: plan.id)
            _write(newest, key=f"list-changed:{mark}:{client_id}")
    return len(plans)


def _open_plans(product_id: int) -> list[Plan]:
    """Those a client may still buy from, by the version that is shown."""
    sizes = select(Variant.id).where(Variant.product_id == product_id)
    holds = (
        select(PlanVersion.plan_id)
        .join(PlanItem, PlanItem.version_id == PlanVersion.id)
        .where(PlanItem.variant_id.in_(sizes), PlanVersion.number == Plan.shown)
    )
    people = select(Client.id).where(Client.erased_at.is_(None))
    wanted = select(Plan).where(Plan.state.in_(("sent", "accepted")), Plan.id.in_(holds), Plan.client_id.in_(people))
    return list(db.session.scalars(wanted.order_by(Plan.id)))


def _rank(calendar: Calendar, label: object) -> int:
    return VERDICTS.index(calendar.judge(label).verdict)  # type: ignore[arg-type]


def _write(plan: Plan, *, key: str) -> None:
    """Safety, not advertising: it is sent whatever the client stopped."""
    client = db.session.get_one(Client, plan.client_id)
    if client.email:
        subject = f"A note about your plan from {setting('clinic.name')}"
        send("plan_changed", to=client.email, subject=subject, key=key, name=client.name, link=draw_link(plan, by=BY))
