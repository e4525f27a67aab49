"""The demo clinic's year looks lived in, and every ledger adds up to its counters."""

from __future__ import annotations

from sqlalchemy import func, select

from shop.checking import all_differences
from shop.core.db import db
from shop.demo.seeding import seed
from shop.orders.models import Order
from shop.payments.models import PaymentEvent
from shop.wallet.models import Credit


def test_a_year_of_orders_adds_up(app):
    seed(password="violet-harbour-lantern", second_factor="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Order)) > 100
    assert db.session.scalar(select(func.count()).select_from(Credit).where(Credit.used > 0)) > 20
    assert db.session.scalar(select(func.sum(PaymentEvent.amount_minor))) == db.session.scalar(
        select(func.sum(Order.total_minor))
    )
    assert all_differences() == []
