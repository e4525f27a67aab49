"""Stripe says it three times, the worker hears it thrice, the client comes back twice: six sessions, not eighteen."""

from __future__ import annotations

from sqlalchemy import select

from shop.core.db import db
from shop.wallet.models import Credit, CreditMove
from tests.support.factories import make_package
from tests.support.journeys import come_back, fill_bag, go_to_pay


def test_a_message_delivered_three_times_gives_six_sessions_and_not_18(client, standin, run_worker):
    slug = make_package(sessions=6).slug
    db.session.commit()
    standin.desk.send_copies(3)
    fill_bag(client, package=slug)
    back = standin.pay(go_to_pay(client))
    for _ in range(3):
        run_worker()
        assert come_back(client, back).status_code == 200
    credit = db.session.scalars(select(Credit)).one()
    assert (credit.granted, credit.free) == (6, 6)
    assert [move.kind for move in db.session.scalars(select(CreditMove))] == ["grant"]
