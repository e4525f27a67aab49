"""What happens once somebody is known, whichever way they came in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, session, url_for

from shop.accounts import browser, mail_tokens, signing_in
from shop.accounts.rights import home_of
from shop.core.db import db
from shop.core.logs import note
from shop.core.web import site_path

PENDING, NEXT = "second", "next"


def arrive(user_id: int, *, role: str | None, email: str, target: str | None) -> Any:
    """Sign in and go where they wanted to; staff give their second factor first. Commits."""
    if role is None:
        return enter(user_id, role=None, target=target)
    proved_at = signing_in.find_device(user_id, browser.device_token())
    if proved_at:
        return enter(user_id, role=role, target=target, second_at=proved_at)
    pending = mail_tokens.draw("second", email=email, user_id=user_id)
    db.session.commit()
    session[PENDING], session[NEXT] = pending, target
    return redirect(url_for("accounts.second_page"), code=303)


def enter(user_id: int, *, role: str | None, target: str | None, second_at: datetime | None = None) -> Any:
    """Open the sign-in, hand over the guest's bag, give the browser its new token. Commits."""
    bag_token = browser.bag_token()
    token = signing_in.sign_in(user_id, device=browser.device(), second_at=second_at, bag_token=bag_token)
    db.session.commit()
    browser.remember(token, lasting=role is None)
    note("signed in", user=user_id, role=role or "client")
    return redirect(site_path(target, otherwise=home_of(role)), code=303)
