"""Saying who one is: six digits from the mailbox that the clinic has."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for

from shop.bag.browser import proved_to_be
from shop.core.db import db
from shop.core.errors import Refused
from shop.plans import confirming
from shop.plans.answering import mark_seen
from shop.plans.door import be_sure, door
from shop.plans.events import happened
from shop.plans.pages import bp
from shop.plans.views.opening import page

WRONG = "This code does not fit. Please check the newest e-mail, or ask for a new code."


@bp.post("/plan/confirm")
def ask_plan_code() -> Any:
    client_id = door().client.id
    db.session.rollback()  # the counter writes apart, and this session holds the lock it needs
    confirming.limit(client_id)
    opened = door()
    mark_seen(opened.plan, by=opened.by)
    try:
        confirming.send_code(opened.client)
    except Refused as refused:
        db.session.rollback()
        return page(door(), problem=refused.sentence, which="confirm"), 422
    db.session.commit()
    flash("The code is on its way to your mailbox.", "success")
    return redirect(url_for("plans.show") + "#who", 303)


@bp.post("/plan/confirm/code")
def give_plan_code() -> Any:
    opened = door()
    try:
        fits = confirming.try_digits(opened.client, request.form.get("code", "")[:20])
    except Refused as refused:
        db.session.rollback()
        return page(door(), problem=refused.sentence, which="confirm"), 422
    if not fits:
        db.session.commit()  # the try counts
        return page(door(), problem=WRONG, which="confirm"), 422
    be_sure()
    proved_to_be(opened.client.id)
    happened(opened.plan.id, "confirmed", key=f"v{opened.plan.shown}", by=f"client:{opened.client.id}")
    db.session.commit()
    return redirect(url_for("plans.show"), 303)
