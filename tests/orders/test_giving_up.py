"""Sessions brought along are called off without Stripe: they leave, and a person is asked to send the money."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from shop.checking import all_differences
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.errors import Refused
from shop.orders.giving_up import due_minor, give_up
from shop.payments.models import Refund
from shop.reports.owing import report
from shop.reports.spans import this_month
from shop.wallet.moving_in import bring_in
from tests.orders.buying import credits_of, place_order, use
from tests.support.factories import make_client, make_package
from tests.wallet.credits import counters


def brought():
    facts = {"statement_name": "Skin sessions (6)", "sessions": 6, "left": 4, "each_minor": 9000, "vat_percent": "20"}
    dates = {"bought_on": date(2025, 11, 1), "expires_on": date(2026, 11, 1)}
    credit = bring_in(make_client().id, name="6 sessions", currency="GBP", cause="b:1", by="user:1", **facts, **dates)
    db.session.commit()
    return credit


def test_three_of_four_brought_sessions_go_back_outside_of_stripe(app, clock):
    credit = brought()
    use(credit)
    assert due_minor(credit) == 27000
    for _ in range(2):
        assert give_up(credit, cause="click:1", by="user:1", reason="moves away") == 27000
    db.session.commit()
    assert counters(credit) == (0, 0, 1, 0)
    assert db.session.scalars(select(Refund)).all() == []
    entry = db.session.scalars(select(AttentionEntry)).one()
    assert entry.reason.startswith("£270.00 for sessions that were paid before this shop")
    total = report(this_month()).total
    assert (total.moved_in, total.redeemed, total.refunded, total.closing) == (30000, 7500, 22500, 0)
    assert all_differences() == []


def test_sessions_of_an_order_go_with_their_order(app, clock):
    credit = credits_of(place_order(make_package(sessions=6)))[0]
    with pytest.raises(Refused, match="call off their order"):
        give_up(credit, cause="click:1", by="user:1", reason="asked")
    with pytest.raises(Refused):
        give_up(brought(), cause="click:1", by="user:1", reason=" ")
    db.session.rollback()
