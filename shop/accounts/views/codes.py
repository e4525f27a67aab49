"""In with a code from an e-mail instead of a password."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, session, url_for

from shop.accounts import browser, letters, mail_tokens, slowing
from shop.accounts.finding import find_user
from shop.accounts.forms import AskForm, CodeForm
from shop.accounts.models import User
from shop.accounts.pages import bp
from shop.accounts.views.arriving import NEXT, arrive
from shop.core.db import db
from shop.core.errors import Refused, TooMany
from shop.core.logs import note
from shop.core.web import site_path

ASKED = "code"


@bp.get("/login/code")
def code_page() -> Any:
    """Two steps on one address: the e-mail address, then the six digits (`?again=1` goes back)."""
    if ASKED in session and not request.args.get("again"):
        return _second_step(CodeForm(formdata=None))
    return _first_step(AskForm(formdata=None, next=site_path(request.args.get("next"), otherwise="")))


@bp.post("/login/code")
def ask_or_give_code() -> Any:
    return _give() if "code" in request.form else _ask()


def _ask() -> Any:
    form = AskForm()
    if not form.validate():
        return _first_step(form), 422
    email = form.email.data
    try:
        slowing.slow_code_mails(email, browser.address())
    except TooMany as slowed:
        form.refuse(slowed)
        return _first_step(form), slowed.status
    user = find_user(email)
    is_open = user is not None and user.disabled_at is None
    token, code = mail_tokens.draw_code(email=email, user_id=user.id if user and is_open else None)
    if is_open:
        letters.send_code(email, code=code, token=token)
    else:
        letters.send_no_account(email, token=token)
    db.session.commit()
    session[ASKED], session[NEXT] = token, form.next.data
    return redirect(url_for("accounts.code_page"), code=303)


def _give() -> Any:
    form = CodeForm()
    if ASKED not in session:
        return redirect(url_for("accounts.code_page"), code=303)
    if not form.validate():
        return _second_step(form), 422
    try:
        slowing.slow_codes(browser.address())
        row = mail_tokens.try_code(session[ASKED], form.code.data)
    except (TooMany, Refused) as refused:
        db.session.rollback()
        form.refuse(refused)
        return _second_step(form), refused.status
    if row is None or row.user_id is None:
        db.session.commit()
        note("sign-in code refused")
        form.refuse(Refused(mail_tokens.WRONG_CODE, field="code"))
        return _second_step(form), 422
    user = db.session.get_one(User, row.user_id)
    if user.disabled_at:
        raise Refused(mail_tokens.SPENT)
    session.pop(ASKED)
    return arrive(user.id, role=user.role, email=user.email, target=session.get(NEXT), way="code")


def _first_step(form: AskForm) -> str:
    return render_template("accounts/code_ask.html", form=form)


def _second_step(form: CodeForm) -> str:
    return render_template("accounts/code_give.html", form=form)
