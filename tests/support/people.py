"""People who are signed in, each in a browser of their own, without the cost of a slow hash."""

from __future__ import annotations

from flask import Flask

from shop.accounts.models import Client, User
from shop.accounts.signing_in import sign_in
from shop.core import clock
from shop.core.db import db
from tests.support.browsing import InspectingClient
from tests.support.factories import make_client, make_user

COOKIE_TOKEN = "sign_in"


def browser_of(user: User, *, app: Flask, person: Client | None = None) -> InspectingClient:
    """A browser in which this user is signed in; staff with their second factor given just now."""
    browser = app.test_client()
    assert isinstance(browser, InspectingClient)
    user_id, second_at = user.id, clock.now() if user.is_staff else None
    db.session.commit()
    with app.app_context(), app.test_request_context("/login", method="POST"):
        token = sign_in(user_id, device="Firefox on Linux", second_at=second_at)
        db.session.commit()
    with browser.session_transaction() as session:
        session[COOKIE_TOKEN] = token
    browser.user, browser.person = user, person
    return browser


def browser_of_client(app: Flask) -> InspectingClient:
    """A client of the clinic: `.user` signs in, `.person` is cared for."""
    person = make_client()
    assert person.user is not None
    return browser_of(person.user, app=app, person=person)


def browser_of_staff(role: str, app: Flask) -> InspectingClient:
    return browser_of(make_user(email=f"{role}@clinic.example", name=role.capitalize(), role=role), app=app)
