"""What two consultants of the demo clinic have advised: a plan that is with its client, and one that was bought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from shop.accounts.models import Client, User
from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.orders.models import Order, OrderLine
from shop.plans.events import happened
from shop.plans.lines import ESSENTIAL, PRODUCT, Content, Line
from shop.plans.models import Plan, Protocol
from shop.plans.person import person_of
from shop.plans.proposing import propose
from shop.plans.protocols import outline_of
from shop.plans.sending import send_plan
from shop.plans.writing import write_plan
from shop.visits.models import Visit

BY = "demo"


def add_plans(consultants: Sequence[User]) -> None:
    first, second = consultants
    _sent(first)
    _bought(second)


def _sent(by: User) -> None:
    """From the clinic's first protocol, for the next client with an appointment."""
    soon = select(Visit.client_id).where(Visit.state == "booked", Visit.starts_at > clock.now()).order_by(Visit.starts_at)
    protocol = db.session.scalars(select(Protocol).order_by(Protocol.position, Protocol.id).limit(1)).first()
    client_id = db.session.scalars(soon.limit(1)).first()
    if protocol is None or client_id is None:
        return
    person = person_of(client_id)
    proposal, _, _ = propose(outline_of(protocol), person)
    plan = _write(proposal.content, client_id, by, cause="demo:plan:sent", protocol_id=protocol.id)
    _send(plan, by, days_ago=2)


def _bought(by: User) -> None:
    """Named afterwards after what somebody really bought: the newest order of goods."""
    order = db.session.scalars(
        select(Order)
        .join(Client, Client.id == Order.client_id)
        .where(Client.user_id.is_(None), Order.state == "placed", Order.has_sessions.is_(False))
        .order_by(Order.placed_at.desc(), Order.id)
        .limit(1)
    ).first()
    if order is None:
        return
    rows = select(Variant.sku, Product.name, Product.step).join(Product, Product.id == Variant.product_id)
    rows = rows.join(OrderLine, OrderLine.variant_id == Variant.id).where(OrderLine.order_id == order.id)
    lines = tuple(
        Line(PRODUCT, row.name, step=row.step or "", sku=row.sku, role=ESSENTIAL, when="evening", frequency="Every day")
        for row in db.session.execute(rows.order_by(OrderLine.position)).unique()
    )
    goal = "Skin that feels comfortable all day"
    message = "Begin with these and leave the rest as it is. We look at it together in eight weeks."
    review = (clock.today() + timedelta(weeks=8)).isoformat()
    content = Content(goal=goal, message=message, review_on=review, lines=lines)
    plan = _write(content, order.client_id, by, cause="demo:plan:bought")
    _send(plan, by, days_ago=(clock.now() - order.made_at).days + 2)
    happened(plan.id, "seen", key="demo", by="client")
    happened(plan.id, "bought", key=f"order:{order.number}", by="checkout", detail=order.number)


def _write(content: Content, client_id: int | None, by: User, *, cause: str, protocol_id: int | None = None) -> Plan:
    facts: dict[str, Any] = {"consultant_id": by.id, "by": f"user:{by.id}", "cause": cause}
    return write_plan(person_of(client_id or 0), content, **facts, protocol_id=protocol_id)


def _send(plan: Plan, by: User, *, days_ago: int) -> None:
    send_plan(plan, by=f"user:{by.id}", seen=1, by_mail=False)
    plan.made_at = plan.sent_at = clock.now() - timedelta(days=days_ago)
    db.session.flush()
