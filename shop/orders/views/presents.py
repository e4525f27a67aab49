"""A friend accepts sessions that were given away; no sign-in is needed, the link is the key."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from shop.core.db import db
from shop.core.errors import ShopError
from shop.orders.forms import AcceptForm
from shop.orders.pages import bp
from shop.orders.passing_on import accept_sessions, is_accepted, read_offer


@bp.get("/sessions/accept")
def accept_sessions_page() -> Any:
    key = request.args.get("key", "")
    return _page(key, AcceptForm(formdata=None, data={"key": key}))


@bp.post("/sessions/accept")
def accept_given_sessions() -> Any:
    form = AcceptForm()
    key = form.key.data or ""
    try:
        accept_sessions(key, is_adult=bool(form.adult.data))
    except ShopError as error:
        db.session.rollback()
        if error.status == 404:
            raise
        form.refuse(error)
        return _page(key, form), error.status
    db.session.commit()
    return render_template("orders/accept_sessions.html", accepted=True)


def _page(key: str, form: AcceptForm) -> str:
    passed, credit = read_offer(key)
    facts = {"passed": passed, "credit": credit, "accepted": is_accepted(passed)}
    return render_template("orders/accept_sessions.html", form=form, **facts)
