"""Asking for an account."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask_login import current_user

from shop.accounts import browser, slowing
from shop.accounts.forms import RegisterForm
from shop.accounts.hashing import draw_token, hash_password
from shop.accounts.pages import bp
from shop.accounts.password_rules import check_password
from shop.accounts.registering import ask_to_register
from shop.core.db import db
from shop.core.errors import Refused, TooMany
from shop.core.web import site_path

MARK = "registering"


@bp.get("/register")
def register_page() -> Any:
    target = site_path(request.args.get("next"), otherwise="")
    if current_user.is_authenticated:
        return redirect(target or "/account")
    return _page(RegisterForm(formdata=None, next=target))


@bp.post("/register")
def register() -> Any:
    form = RegisterForm()
    if not form.validate():
        return _page(form), 422
    try:
        check_password(form.password.data, about=(form.name.data, form.email.data))
        slowing.slow_mailing(form.email.data, browser.address())
    except (Refused, TooMany) as refused:
        form.refuse(refused)
        return _page(form), refused.status
    hashed, mark = hash_password(form.password.data), draw_token()
    target = site_path(form.next.data, otherwise="")
    ask_to_register(form.email.data, name=form.name.data, password_hash=hashed, browser_mark=mark, target=target)
    db.session.commit()
    session[MARK] = mark
    return redirect(url_for("accounts.registered_page"), code=303)


@bp.get("/register/sent")
def registered_page() -> Any:
    return render_template("accounts/sent.html", what="register")


def _page(form: RegisterForm) -> str:
    return render_template(
        "accounts/register.html", form=form, login_url=url_for("accounts.sign_in_page", next=form.next.data or None)
    )
