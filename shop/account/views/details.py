"""Name and telephone; e-mail and password, which ask for the password that holds."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from shop.account.forms import EmailForm, NameForm, PasswordForm, RecoveryForm
from shop.account.pages import bp
from shop.account.views.letters import letters_of
from shop.accounts import browser, slowing
from shop.accounts.hashing import hash_password
from shop.accounts.models import User
from shop.accounts.moving_email import ask_to_move
from shop.accounts.own_file import own_client
from shop.accounts.password_rules import check_password
from shop.accounts.passwords import set_password
from shop.accounts.proving import check_current
from shop.accounts.second_factor import count_recovery_codes, draw_recovery_codes
from shop.core.db import db
from shop.core.errors import NotFound, Refused, TooMany
from shop.core.logs import note


@bp.get("/details")
def details() -> Any:
    return _page()


@bp.post("/details")
def change_name() -> Any:
    form = NameForm()
    if not form.validate():
        return _page(name=form), 422
    user, client = db.session.get_one(User, current_user.id), own_client(current_user.id)
    user.name = client.name = form.name.data or ""
    client.phone = form.phone.data or ""
    db.session.commit()
    return _done("Your details are changed.")


@bp.post("/details/email")
def change_email() -> Any:
    form = EmailForm()
    if not form.validate():
        return _page(email=form), 422
    try:
        check_current(current_user.email, form.current.data or "", address=browser.address())
        slowing.slow_mailing(form.email.data or "", browser.address())
        ask_to_move(db.session.get_one(User, current_user.id), email=form.email.data or "", by=f"user:{current_user.id}")
    except (Refused, TooMany) as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(email=form), refused.status
    db.session.commit()
    note("e-mail change asked", user=current_user.id)
    return _done("Look in the inbox of the new address: the link there makes it yours. Until then nothing changes.")


@bp.post("/details/password")
def change_password() -> Any:
    form = PasswordForm()
    if not form.validate():
        return _page(password=form), 422
    try:
        check_current(current_user.email, form.current.data or "", address=browser.address())
        check_password(form.password.data or "", about=(current_user.name, current_user.email))
    except (Refused, TooMany) as refused:
        form.refuse(refused)
        return _page(password=form), refused.status
    hashed = hash_password(form.password.data or "")
    user = db.session.get_one(User, current_user.id)
    set_password(user, password_hash=hashed, by=f"user:{user.id}", keep_sign_in=current_user.sign_in_id)
    db.session.commit()
    note("password changed", user=current_user.id)
    return _done("Your new password is set, and every other browser is signed out.")


@bp.post("/details/recovery-codes")
def draw_codes() -> Any:
    """Answers with the codes themselves: they are stored hashed and cannot be shown again."""
    if not current_user.is_staff:
        raise NotFound("That page is not here.")
    form = RecoveryForm()
    if not form.validate():
        return _page(recovery=form), 422
    try:
        check_current(current_user.email, form.current.data or "", address=browser.address())
    except (Refused, TooMany) as refused:
        form.refuse(refused)
        return _page(recovery=form), refused.status
    codes = draw_recovery_codes(current_user.id)
    db.session.commit()
    note("recovery codes drawn", user=current_user.id)
    return render_template("account/recovery_codes.html", codes=codes)


def _page(**refused: Any) -> str:
    user = db.session.get_one(User, current_user.id)
    client = current_user.client_id and own_client(current_user.id)
    known = {"name": user.name, "phone": client.phone if client else ""}
    forms = {
        "name": NameForm(formdata=None, prefix="", **known),
        "email": EmailForm(formdata=None),
        "password": PasswordForm(formdata=None),
        "recovery": RecoveryForm(formdata=None),
    }
    codes_left = count_recovery_codes(user.id) if user.is_staff else 0
    return render_template(
        "account/details.html",
        **{**forms, **refused},
        codes_left=codes_left,
        has_password=user.password_hash is not None,
        letters=letters_of(client.id if client else None),
    )


def _done(sentence: str) -> Any:
    flash(sentence)
    return redirect(url_for("account.details"), code=303)
