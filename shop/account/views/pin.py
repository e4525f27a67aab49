"""One's own PIN for shared tablets, set and taken away; the password is asked for first."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from shop.account.forms import OwnPinForm
from shop.account.pages import bp
from shop.accounts import browser
from shop.accounts.hashing import hash_password
from shop.accounts.models import ROLES
from shop.accounts.pins import check_pin, drop_pin, has_pin, set_pin
from shop.accounts.proving import check_current
from shop.accounts.rights import staff_needed
from shop.core.db import db
from shop.core.errors import Refused, TooMany
from shop.core.history import actor
from shop.core.logs import note


@bp.get("/pin")
@staff_needed(*ROLES)
def pin() -> Any:
    return _page(OwnPinForm(formdata=None))


@bp.post("/pin")
@staff_needed(*ROLES)
def keep_pin() -> Any:
    form = OwnPinForm()
    if not form.validate():
        return _page(form), 422
    try:
        check_pin(form.pin.data or "")
        check_current(current_user.email, form.current.data or "", address=browser.address())
    except (Refused, TooMany) as refused:
        form.refuse(refused)
        return _page(form), refused.status
    set_pin(current_user.id, pin_hash=hash_password(form.pin.data or ""), by=actor(current_user))
    db.session.commit()
    note("pin set", user=current_user.id)
    flash("Your PIN is set. It works where you have given your password and second factor within a day.")
    return redirect(url_for("account.pin"), code=303)


@bp.post("/pin/drop")
@staff_needed(*ROLES)
def drop_own_pin() -> Any:
    drop_pin(current_user.id, by=actor(current_user))
    db.session.commit()
    flash("Your PIN is gone.")
    return redirect(url_for("account.pin"), code=303)


def _page(form: OwnPinForm) -> str:
    return render_template("account/pin.html", form=form, has_one=has_pin(current_user.id))
