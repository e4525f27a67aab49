"""A forgotten password, and the first one of a member of staff."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from shop.accounts import browser, mail_tokens, slowing
from shop.accounts.forms import AskForm, NewPasswordForm
from shop.accounts.hashing import hash_password
from shop.accounts.models import MailToken, User
from shop.accounts.pages import bp
from shop.accounts.password_rules import check_password
from shop.accounts.passwords import ask_for_reset, set_password
from shop.core.db import db
from shop.core.errors import Refused, TooMany
from shop.core.logs import note


@bp.get("/reset")
def reset_page() -> Any:
    return render_template("accounts/reset.html", form=AskForm(formdata=None))


@bp.post("/reset")
def ask_reset() -> Any:
    form = AskForm()
    if not form.validate():
        return render_template("accounts/reset.html", form=form), 422
    try:
        slowing.slow_mailing(form.email.data, browser.address())
    except TooMany as slowed:
        form.refuse(slowed)
        return render_template("accounts/reset.html", form=form), slowed.status
    ask_for_reset(form.email.data)
    db.session.commit()
    return redirect(url_for("accounts.reset_sent_page"), code=303)


@bp.get("/reset/sent")
def reset_sent_page() -> Any:
    return render_template("accounts/sent.html", what="reset")


@bp.get("/reset/<token>")
def new_password_page(token: str) -> Any:
    row = _find(token)
    if row is None:
        return _spent()
    return _page(NewPasswordForm(formdata=None), row.email)


@bp.post("/reset/<token>")
def set_new_password(token: str) -> Any:
    form = NewPasswordForm()
    row = _find(token)
    if row is None:
        return _spent()
    email = row.email
    db.session.rollback()  # hashing takes its time: nobody waits for it
    if not form.validate():
        return _page(form, email), 422
    try:
        check_password(form.password.data, about=(email,))
    except Refused as refused:
        form.refuse(refused)
        return _page(form, email), refused.status
    return _keep(token, hash_password(form.password.data))


def _keep(token: str, password_hash: str) -> Any:
    row = _find(token)
    if row is None:
        return _spent()
    mail_tokens.spend(row.purpose, token)
    user = db.session.get_one(User, row.user_id)
    set_password(user, password_hash=password_hash, by=f"user:{user.id}")
    note("password reset", user=user.id)
    db.session.commit()
    browser.forget()
    flash("Your new password is set. Please sign in with it.")
    return redirect(url_for("accounts.sign_in_page"), code=303)


def _find(token: str) -> MailToken | None:
    """A reset link, or the welcome of somebody new in the team; both belong to a user who may come in."""
    for purpose in ("reset", "welcome"):
        row = mail_tokens.find_token(purpose, token)
        if row and row.user_id and db.session.get_one(User, row.user_id).disabled_at is None:
            return row
    return None


def _spent() -> Any:
    return render_template("accounts/spent.html", again=request.path.startswith("/reset")), 410


def _page(form: NewPasswordForm, email: str) -> str:
    return render_template("accounts/new_password.html", form=form, email=email)
