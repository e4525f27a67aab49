"""A treatment that turns out not to suit at the included consultation: everything paid for its sessions goes back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from shop.core.db import db
from shop.orders.models import Order
from shop.orders.prospects import preview
from shop.orders.withdrawing import withdraw

REASON = "Not suitable after the included consultation"


def hear_not_suitable(*, order_number: str, credit_id: int, visit_number: str, by: str, **_facts: Any) -> str | None:
    """Hears "visit.not_suitable" in its transaction; no session was used, so the law and the terms give all of it back.

    Returns the withdrawal's code; None when nothing of the order belongs to these sessions, which asks for a person.
    """
    order = db.session.scalars(select(Order).where(Order.number == order_number)).first()
    if order is None:
        return None
    entries = [entry for entry in preview(order).content.entries if entry.credit is not None]
    mine = [one.key for one in entries if one.credit and credit_id in (one.credit.id, one.credit.parent_id)]
    if not mine:
        return None
    return withdraw(order, what=mine, by=by, cause=f"not-suitable:{visit_number}", reason=REASON).code
