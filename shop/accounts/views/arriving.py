"""What happens once somebody is known, whichever way they came in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, session, url_for
from flask_login import current_user

from shop.accounts import browser, mail_tokens, signing_in
from shop.accounts.keeping_typed import has_kept
from shop.accounts.rights import home_of
from shop.core.db import db
from shop.core.logs import note
from shop.core.web import site_path

PENDING, NEXT = "second", "next"


def arrive(user_id: int, *, role: str | None, email: str, target: str | None, way: str) -> Any:
    """Sign in and go where they wanted to; staff give their second factor first. Commits."""
    if role is None:
        return enter(user_id, role=None, target=target, way=way)
    proved_at = signing_in.find_device(user_id, browser.device_token())
    if proved_at:
        return enter(user_id, role=role, target=target, second_at=proved_at, way=way)
    pending = mail_tokens.draw("second", email=email, user_id=user_id)
    db.session.commit()
    session[PENDING], session[NEXT] = pending, target
    return redirect(url_for("accounts.second_page"), code=303)


def enter(user_id: int, *, role: str | None, target: str | None, second_at: datetime | None = None, way: str = "") -> Any:
    """Open the sign-in, hand over the guest's bag, give the browser its new token. Commits.

    A locked screen's sign-in ends with it; what its person had sent too late is shown to them first.
    """
    is_same = current_user.is_locked and current_user.locked_id == user_id
    if (old := browser.token()) is not None:
        signing_in.end_token(old)
    device, bag_token = browser.device(), browser.bag_token()
    token = signing_in.sign_in(user_id, device=device, way=way, second_at=second_at, bag_token=bag_token)
    if role is not None and has_kept(user_id):
        target = "/kept"
    db.session.commit()
    browser.remember(token, lasting=role is None, same_person=is_same)
    note("signed in", user=user_id, role=role or "client")
    return redirect(site_path(target, otherwise=home_of(role)), code=303)
