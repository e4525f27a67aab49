"""In with a password, and out."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts import browser, slowing
from shop.accounts.finding import Known, find_known
from shop.accounts.forms import SignInForm
from shop.accounts.hashing import hash_password, is_dated, is_password
from shop.accounts.models import User
from shop.accounts.pages import bp
from shop.accounts.rights import home_of
from shop.accounts.signing_in import end_token
from shop.accounts.views.arriving import arrive
from shop.core.db import db
from shop.core.errors import Refused, TooMany
from shop.core.logs import note
from shop.core.web import site_path

WRONG = "This e-mail address and this password do not belong together."


@bp.get("/login")
def sign_in_page() -> Any:
    target = request.args.get("next")
    if current_user.is_authenticated:
        return redirect(site_path(target, otherwise=home_of(current_user.role)))
    return _page(SignInForm(formdata=None, next=site_path(target, otherwise="")))


@bp.post("/login")
def sign_in_with_password() -> Any:
    form = SignInForm()
    if not form.validate():
        return _page(form), 422
    try:
        slowing.slow_guessing(form.email.data, browser.address())
    except TooMany as slowed:
        note("sign-in slowed")
        form.refuse(slowed)
        return _page(form), slowed.status
    known = find_known(form.email.data)
    if not is_password(form.password.data, known.password_hash if known else None) or not known or known.is_disabled:
        note("sign-in refused")
        form.refuse(Refused(WRONG))
        return _page(form), 422
    answer = _let_in(known, form)
    slowing.forgive(form.email.data, browser.address())
    return answer


@bp.post("/logout")
def sign_out() -> Any:
    token = browser.token()
    if token:
        end_token(token)
        db.session.commit()
        note("signed out", user=current_user.id)
    browser.forget()
    flash("You are signed out.")
    return redirect("/", code=303)


def _let_in(known: Known, form: SignInForm) -> Any:
    """The password was right; one hashed with other costs is hashed again, before anything is written."""
    fresh = hash_password(form.password.data) if is_dated(known.password_hash or "") else None
    if fresh:
        db.session.get_one(User, known.id).password_hash = fresh
    return arrive(known.id, role=known.role, email=known.email, target=form.next.data, way="password")


def _page(form: SignInForm) -> str:
    return render_template(
        "accounts/login.html", form=form, register_url=url_for("accounts.register_page", next=form.next.data or None)
    )
