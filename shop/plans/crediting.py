"""An order is placed: the plans it came from are bought, in whole or in part."""

from __future__ import annotations

from sqlalchemy import or_, select

from shop.core.db import db
from shop.orders.models import Order, OrderLine
from shop.plans.events import happened
from shop.plans.models import Plan, PlanEvent, PlanItem, PlanVersion


def hear_order(*, order_id: int) -> None:
    """Hears "order.filed". A plan counts when its client, or a browser that filled its bag from it, bought one of its lines."""
    order = db.session.get_one(Order, order_id, populate_existing=True)
    for plan_id in sorted(_plans_behind(order)):
        happened(plan_id, "bought", key=f"order:{order.number}", by="checkout", detail=order.number)


def _plans_behind(order: Order) -> set[int]:
    lines = select(OrderLine).where(OrderLine.order_id == order.id)
    variants, packages = set(), set()
    for line in db.session.scalars(lines):
        variants.add(line.variant_id)
        packages.add(line.package_id)
    holds = or_(
        PlanItem.variant_id.in_(variants - {None}),
        PlanItem.package_id.in_(packages - {None}),
    )
    filled = select(PlanEvent.plan_id).where(PlanEvent.kind == "added", PlanEvent.key.endswith(f":bag:{order.bag_id}"))
    theirs = or_(Plan.client_id == order.client_id, Plan.id.in_(filled))
    wanted = (
        select(Plan.id)
        .join(PlanVersion, (PlanVersion.plan_id == Plan.id) & (PlanVersion.number == Plan.shown))
        .join(PlanItem, PlanItem.version_id == PlanVersion.id)
        .where(theirs, holds, Plan.sent_at <= order.made_at, Plan.state != "withdrawn")
    )
    return set(db.session.scalars(wanted))
