"""The second factor of staff: after the password and before anything else."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, session, url_for

from shop.accounts import browser, mail_tokens, slowing
from shop.accounts.forms import CodeForm
from shop.accounts.models import User
from shop.accounts.pages import bp
from shop.accounts.second_factor import accept_code
from shop.accounts.signing_in import know_device
from shop.accounts.views.arriving import NEXT, PENDING, enter
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused, TooMany
from shop.core.logs import note

AGAIN = "That took longer than ten minutes. Please begin again with your password."
WRONG = "This code does not fit. Each code works once: wait for the next one, or use a recovery code."


@bp.get("/login/second")
def second_page() -> Any:
    if PENDING not in session:
        return redirect(url_for("accounts.sign_in_page"))
    return _page(CodeForm())


@bp.post("/login/second")
def give_second() -> Any:
    form = CodeForm()
    if not form.validate():
        return _page(form), 422
    try:
        user = _who_is_waiting()
    except Refused:
        session.pop(PENDING, None)
        flash(AGAIN)
        return redirect(url_for("accounts.sign_in_page"), code=303)
    try:
        slowing.slow_second(user.id)
    except TooMany as slowed:
        form.refuse(slowed)
        return _page(form), slowed.status
    if not accept_code(user.id, form.code.data):
        db.session.commit()
        note("second factor refused", user=user.id)
        form.refuse(Refused(WRONG, field="code"))
        return _page(form), 422
    return _enter(user)


def _who_is_waiting() -> User:
    """Whose password this browser has just given. Ends the reading so that the limit can be written apart."""
    row = mail_tokens.get_token("second", session.get(PENDING, ""))
    user = db.session.get_one(User, row.user_id)
    if user.disabled_at or not user.role:
        raise Refused(AGAIN)
    db.session.expunge(user)
    db.session.rollback()
    return user


def _enter(user: User) -> Any:
    mail_tokens.spend("second", session[PENDING])
    device = know_device(user.id, token=browser.device_token())
    target = session.get(NEXT)
    entered = enter(user.id, role=user.role, target=target, way="password", second_at=clock.now())
    answer = current_app.make_response(entered)
    browser.remember_device(answer, device)
    return answer


def _page(form: CodeForm) -> str:
    return render_template("accounts/second.html", form=form)
