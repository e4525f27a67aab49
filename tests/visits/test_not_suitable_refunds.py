"""Bought, booked, looked at, not suitable: the whole price of the sessions is on its way back, and nothing stays booked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.accounts.models import Client
from shop.checking import all_differences
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.texts import publish
from shop.payments.models import Refund
from shop.visits.booking import Choice, book
from shop.visits.declining import not_suitable
from shop.visits.matters import matter_of
from shop.visits.models import Visit
from shop.visits.offering import offer
from shop.wallet.models import Credit
from tests.support.factories import make_package, make_treatment
from tests.support.journeys import buy
from tests.visits.clinic import make_practitioner, make_room


@pytest.mark.parametrize("days_later", [0, 20], ids=["within the window", "after it"])
def test_everything_paid_for_the_sessions_goes_back(app, client, standin, run_worker, mailbox, days_later):
    treatment = make_treatment()
    package = make_package(treatment, sessions=3, slug="three")
    make_room()
    make_practitioner(treatment)
    publish("consent-early-start", title="Starting early", body_md="I ask you to begin.", by="test")
    db.session.commit()
    number = buy(client, standin, package="three")
    run_worker()
    credit = db.session.scalars(select(Credit).where(Credit.order_number == number)).one()
    credit.bought_on = shop_clock.today() - timedelta(days=days_later)
    first = _book(credit)
    second = _book(credit, since=first.starts_at.date() + timedelta(days=14))
    credit_id, number_of_visit = credit.id, first.number
    db.session.commit()
    not_suitable(first, by="user:1")
    db.session.commit()
    run_worker()
    db.session.expire_all()
    assert sum(db.session.scalars(select(Refund.amount_minor))) == package.price_minor == 27000
    credit = db.session.get_one(Credit, credit_id)
    assert (credit.free, credit.held, credit.used) == (0, 0, 0)
    states = dict(db.session.execute(select(Visit.number, Visit.state)).all())
    assert states == {number_of_visit: "done", second.number: "cancelled"}
    assert db.session.get_one(Client, credit.client_id)
    assert [mail for mail in mailbox if "After your appointment" in mail.subject]
    assert all_differences() == []


def _book(credit: Credit, **given) -> Visit:
    matter = matter_of(credit)
    slot = offer(matter, days=1, early=True, **given).days[0].slots[0]
    choice = Choice(starts_at=slot.starts_at, asked_early=True)
    visit = book(matter, choice, cause=f"t:{slot.starts_at}", by="client:1")
    db.session.commit()
    return visit
