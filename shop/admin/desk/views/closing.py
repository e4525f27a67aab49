"""The day is closed against the till."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.desk.forms import CloseForm
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.checkout.till import MEANS, WORDS, close_till, closes, read_till
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor
from shop.core.money import money


@bp.get("/desk/till")
@right_needed("till")
def till() -> Any:
    return _page(CloseForm(formdata=None))


@bp.post("/desk/till")
@right_needed("till")
def close_the_till() -> Any:
    form, currency = CloseForm(), current_app.config["SHOP"].currency
    if not form.validate_on_submit():
        return _page(form), 422
    counted = {means: form[means].minor or 0 for means in MEANS}
    try:
        facts = {"left_minor": form.left.minor or 0, "reason": form.reason.data or "", "currency": currency}
        closed = close_till(counted, seen=request.form.get("seen", ""), **facts, by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(form), error.status
    off = closed.difference_minor
    db.session.commit()
    said = "It agrees to the penny." if not off else f"The difference of {money(abs(off), currency)} is noted."
    flash(f"The till is closed. {said}", "success")
    return redirect(url_for("admin.till"), 303)


def _page(form: CloseForm) -> str:
    now, done = read_till(), closes()
    words = {"means": MEANS, "words": WORDS, "names": names_of(close.by for close in done)}
    currency = current_app.config["SHOP"].currency
    return render_template("admin/desk/till.html", form=form, till=now, closes=done, currency=currency, **words)
