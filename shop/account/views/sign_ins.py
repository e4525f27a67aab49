"""Where one is signed in, and how to end it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from shop.account.pages import bp
from shop.accounts import browser, signing_in
from shop.accounts.people import CLIENT_IDLE, staff_idle
from shop.core import clock
from shop.core.db import db
from shop.core.logs import note


@bp.get("/sign-ins")
def sign_ins() -> Any:
    since = clock.now() - (staff_idle() if current_user.is_staff else CLIENT_IDLE)
    found = signing_in.standing(current_user.id, since=since)
    older = [one for one in signing_in.latest(current_user.id) if one not in found]
    return render_template("account/sign_ins.html", sign_ins=found, older=older, here_id=current_user.sign_in_id)


@bp.post("/sign-ins/<int:id>")
def end_one(id: int) -> Any:
    signing_in.end(id, user_id=current_user.id)
    db.session.commit()
    note("sign-in ended", user=current_user.id)
    if id == current_user.sign_in_id:
        browser.forget()
        return redirect("/", code=303)
    flash("That browser is signed out.")
    return redirect(url_for("account.sign_ins"), code=303)


@bp.post("/sign-ins/others")
def end_others() -> Any:
    ended = signing_in.end_all(current_user.id, but=current_user.sign_in_id, devices=True)
    db.session.commit()
    note("other sign-ins ended", user=current_user.id, count=ended)
    flash("Every other browser is signed out.")
    return redirect(url_for("account.sign_ins"), code=303)
