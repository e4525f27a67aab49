"""What a span of days came to: orders, money, sessions sold and redeemed. The dashboard and the Monday e-mail both ask here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from shop.core import clock
from shop.core.db import db
from shop.orders.models import Order
from shop.reports.earning import DONE, SOLD
from shop.reports.spans import Days, this_month
from shop.wallet.models import Credit, CreditMove

WEEK_DAYS = 7


@dataclass(frozen=True)
class Takings:
    """Orders placed in these days with VAT, and sessions of packages that were sold and that took place."""

    days: Days
    orders: int
    gross_minor: int
    sold: int
    redeemed: int


def takings(days: Days) -> Takings:
    """Two statements, however much was sold."""
    placed = select(func.count(Order.id), func.coalesce(func.sum(Order.total_minor), 0))
    orders, gross = db.session.execute(placed.where(*_within(Order.placed_at, days))).one()
    moved = select(CreditMove.kind, func.sum(CreditMove.sessions)).join(Credit, Credit.id == CreditMove.credit_id)
    moved = moved.where(CreditMove.kind.in_({*SOLD, *DONE}), Credit.addon_id.is_(None), *_within(CreditMove.at, days))
    sums = {kind: int(total) for kind, total in db.session.execute(moved.group_by(CreditMove.kind))}
    sold, redeemed = (sum(sign * sums.get(kind, 0) for kind, sign in kinds.items()) for kinds in (SOLD, DONE))
    return Takings(days, int(orders), int(gross), sold, redeemed)


def up_to_today() -> dict[str, Days]:
    """Today, the last seven days, and this month so far."""
    today = clock.today()
    return {
        "Today": Days(today, today),
        "Seven days": Days(today - timedelta(days=WEEK_DAYS - 1), today),
        this_month().words: Days(this_month().first, today),
    }


def week_before(monday: date) -> Days:
    """The seven days that end on the Sunday before."""
    return Days(monday - timedelta(days=WEEK_DAYS), monday - timedelta(days=1))


def _within(column: Any, days: Days) -> tuple[Any, Any]:
    return column >= days.since, column < days.until
