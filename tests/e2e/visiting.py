"""What a journey of appointments needs beforehand: somebody who signs in and owns sessions, and a day that has come."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from flask import Flask

from tests.e2e import acting

_number = count(1)


def client_of(app: Flask, live: Any) -> str:
    """A new client who signs in with the password of the journeys; the e-mail address."""
    from shop.accounts.making import make_client
    from shop.core.db import db

    email = f"visitor-{next(_number)}@example.com"
    with app.app_context():
        make_client(email, name="Nora Beck", by="the journeys", phone="020 7946 0118", password=live.password)
        db.session.commit()
    return email


def buy_series(page: Any, concern: str) -> str:
    """One series without extras, paid; the order's number. Whoever is signed in owns it."""
    acting.choose_series(page, concern, addon=False)
    acting.to_checkout(page)
    acting.fill_in(page)
    acting.send_checkout(page)
    return acting.pay(page)


def its_day_comes(app: Flask, number: str) -> None:
    """The appointment begins now: time passes for this one row, and nothing else is touched."""
    from sqlalchemy import select

    from shop.core import clock
    from shop.core.db import db
    from shop.visits.models import Visit

    with app.app_context():
        visit = db.session.scalars(select(Visit).where(Visit.number == number)).one()
        earlier = visit.starts_at - clock.now() + timedelta(minutes=1)
        visit.starts_at, visit.leaves_at, visit.ends_at = (
            at - earlier for at in (visit.starts_at, visit.leaves_at, visit.ends_at)
        )
        db.session.commit()
