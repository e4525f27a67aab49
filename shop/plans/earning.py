"""What a consultant earns on what a plan sold: a share of the price without VAT, less what was paid back. Off by default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select

from shop.accounts.models import User
from shop.core import clock
from shop.core.db import db
from shop.core.money import vat_inside
from shop.core.settings import setting
from shop.orders.models import Order, OrderLine
from shop.payments.models import Refund
from shop.plans.models import Plan, PlanEvent, PlanItem, PlanVersion

NOT_COMING_BACK = ("failed", "canceled")


@dataclass(frozen=True)
class Sold:
    """One line of an order that a plan named: what it cost with VAT, and what of it went back."""

    gross_minor: int
    back_minor: int
    vat_percent: str

    @property
    def net_minor(self) -> int:
        left = max(0, self.gross_minor - self.back_minor)
        return left - vat_inside(left, self.vat_percent)


@dataclass
class Earned:
    """One consultant in a time: plans that went out, were opened and bought, clients who bought again, value and share."""

    name: str
    plans: int = 0
    opened: int = 0
    bought: int = 0
    repeat: int = 0
    net_minor: int = 0
    commission_minor: int = 0


def commission_minor(lines: Iterable[Sold], percent: int | Decimal) -> int:
    """60.00 with 20 % VAT at 10 % give 5.00; when 24.00 of it go back, 3.00. Half up, once for each order."""
    net = sum(line.net_minor for line in lines)
    return int((Decimal(net) * Decimal(percent) / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def is_paid() -> bool:
    return int(setting("plans.commission_percent")) > 0


def report(since: date, until: date) -> list[Earned]:
    """By consultant, for plans sent on these days, both included; six statements."""
    begins, ends = clock.at_local(since, time()), clock.at_local(until + timedelta(days=1), time())
    plans = list(db.session.scalars(select(Plan).where(Plan.sent_at >= begins, Plan.sent_at < ends).order_by(Plan.id)))
    if not plans:
        return []
    names = dict(
        db.session.execute(select(User.id, User.name).where(User.id.in_({one.consultant_id for one in plans}))).all()
    )
    events = _events([plan.id for plan in plans])
    sold = _sold_lines(plans, events)
    found: dict[int, Earned] = {}
    for plan in plans:
        one = found.setdefault(plan.consultant_id, Earned(names.get(plan.consultant_id, "")))
        kinds = [kind for kind, _ in events.get(plan.id, ())]
        one.plans += 1
        one.opened += "seen" in kinds
        numbers = sorted({detail for kind, detail in events.get(plan.id, ()) if kind == "bought"})
        one.bought += bool(numbers)
        one.repeat += len(numbers) > 1
        for number in numbers:
            lines = sold.get((plan.id, number), [])
            one.net_minor += sum(line.net_minor for line in lines)
            one.commission_minor += commission_minor(lines, int(setting("plans.commission_percent")))
    return sorted(found.values(), key=lambda one: (-one.net_minor, one.name))


def _events(plan_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    mine = select(PlanEvent.plan_id, PlanEvent.kind, PlanEvent.detail).where(PlanEvent.plan_id.in_(plan_ids))
    for plan_id, kind, detail in db.session.execute(mine.where(PlanEvent.kind.in_(("seen", "bought")))):
        found.setdefault(plan_id, []).append((kind, detail))
    return found


def _sold_lines(plans: Sequence[Plan], events: dict[int, list[tuple[str, str]]]) -> dict[tuple[int, str], list[Sold]]:
    """(plan, order) → its lines; an order counts for the newest plan that names a line, never for two."""
    numbers = {detail for rows in events.values() for kind, detail in rows if kind == "bought"}
    if not numbers:
        return {}
    items = _items([plan.id for plan in plans])
    back = _back(numbers)
    rows = select(OrderLine, Order.number).join(Order, Order.id == OrderLine.order_id).where(Order.number.in_(numbers))
    found: dict[tuple[int, str], list[Sold]] = {}
    for line, number in db.session.execute(rows):
        thing = ("v", line.variant_id) if line.variant_id else ("p", line.package_id)
        behind = [id for id, held in items.items() if thing in held and ("bought", number) in events.get(id, ())]
        if behind:
            gone = back.get((number, line.statement_name if line.kind == "package" else line.name), 0)
            found.setdefault((max(behind), number), []).append(Sold(line.gross_minor, gone, line.vat_percent))
    return found


def _items(plan_ids: Sequence[int]) -> dict[int, set[tuple[str, Any]]]:
    mine = select(PlanVersion.plan_id, PlanItem.variant_id, PlanItem.package_id).join(PlanItem)
    found: dict[int, set[tuple[str, Any]]] = {}
    for plan_id, variant_id, package_id in db.session.execute(mine.where(PlanVersion.plan_id.in_(plan_ids))):
        found.setdefault(plan_id, set()).add(("v", variant_id) if variant_id else ("p", package_id))
    return found


def _back(numbers: set[str]) -> dict[tuple[str, str], int]:
    """(order, what) → what went back or is on its way, by the stored parts of each refund."""
    found: dict[tuple[str, str], int] = {}
    refunds = select(Refund).where(Refund.order_number.in_(numbers), Refund.state.not_in(NOT_COMING_BACK))
    for refund in db.session.scalars(refunds):
        for part in refund.parts:
            key = (refund.order_number, str(part.get("what", "")))
            found[key] = found.get(key, 0) + int(part.get("gross_minor", 0))
    return found
