"""The links that prove an address: a page with one button, because mail programs open links by themselves."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user

from shop.accounts import mail_tokens, slowing
from shop.accounts.browser import address
from shop.accounts.claiming import claim_address, guests_at
from shop.accounts.forms import ConfirmForm
from shop.accounts.hashing import digest, is_password
from shop.accounts.models import MailToken, User
from shop.accounts.moving_email import finish_moving
from shop.accounts.pages import bp
from shop.accounts.registering import finish_registering
from shop.accounts.views.arriving import enter
from shop.accounts.views.registering import MARK
from shop.core.db import db
from shop.core.errors import Refused, TooMany
from shop.core.logs import note

PURPOSES = ("register", "email", "claim")


@bp.get("/confirm/<token>")
def confirm_page(token: str) -> Any:
    row = _find(token)
    return _page(row, ConfirmForm(formdata=None)) if row else _spent()


@bp.post("/confirm/<token>")
def confirm(token: str) -> Any:
    row = _find(token)
    if row is None:
        return _spent()
    return {"register": _register, "email": _move, "claim": _claim}[row.purpose](row, token)


def _register(row: MailToken, token: str) -> Any:
    """In another browser than the one that registered, the password is asked for: the link alone could come from anybody."""
    form = ConfirmForm()
    if not _is_same_browser(row):
        facts, email = row.facts or {}, row.email
        db.session.rollback()  # comparing takes its time: nobody waits for it
        if not form.validate() or not _knows_password(form, facts["password_hash"], email):
            db.session.rollback()
            return _page(mail_tokens.get_token("register", token), form), 422
    row = mail_tokens.spend("register", token)
    user = finish_registering(row)
    if form.claim.data:
        claim_address(user, by=f"user:{user.id}")
    session.pop(MARK, None)
    note("registered", user=user.id)
    flash("Your account is ready.")
    return enter(user.id, role=None, target=request.args.get("next"))


def _move(row: MailToken, token: str) -> Any:
    user = finish_moving(mail_tokens.spend("email", token), by=f"user:{row.user_id}")
    note("e-mail changed", user=user.id)
    db.session.commit()
    flash("Your new e-mail address is confirmed. Please sign in with it.")
    return redirect(url_for("accounts.sign_in_page"), code=303)


def _claim(row: MailToken, token: str) -> Any:
    mail_tokens.spend("claim", token)
    user = db.session.get_one(User, row.user_id)
    if user.email != row.email.lower() or user.disabled_at:
        raise Refused(mail_tokens.SPENT)
    count = claim_address(user, by=f"user:{user.id}")
    note("claimed", user=user.id, clients=count)
    db.session.commit()
    flash("What you bought as a guest is in your account now.")
    return redirect("/account" if current_user.is_authenticated else url_for("accounts.sign_in_page"), code=303)


def _knows_password(form: ConfirmForm, stored: str, email: str) -> bool:
    try:
        slowing.slow_guessing(email, address())
    except TooMany as slowed:
        form.refuse(slowed)
        return False
    if is_password(form.password.data or "", stored):
        return True
    form.refuse(Refused("This is not the password that was chosen when registering.", field="password"))
    return False


def _is_same_browser(row: MailToken) -> bool:
    return digest(session.get(MARK, "")) == (row.facts or {}).get("browser")


def _find(token: str) -> MailToken | None:
    return next((row for purpose in PURPOSES if (row := mail_tokens.find_token(purpose, token))), None)


def _page(row: MailToken, form: ConfirmForm) -> str:
    asks_password = row.purpose == "register" and not _is_same_browser(row)
    has_guests = row.purpose != "email" and bool(guests_at(row.email))
    facts = {"purpose": row.purpose, "email": row.email, "asks_password": asks_password, "has_guests": has_guests}
    return render_template("accounts/confirm.html", form=form, **facts)


def _spent() -> Any:
    return render_template("accounts/spent.html", again=False), 410
