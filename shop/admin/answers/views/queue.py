"""What waits for somebody who treats, and the way to one client."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.assigning import only_seen
from shop.accounts.rights import right_needed
from shop.admin.answers.showing import clients_named
from shop.admin.pages import bp
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.history import actor
from shop.intake import cupboards, reviewing

LARGEST_ID = 2**53


@bp.get("/answers")
@right_needed("health")
def answers() -> Any:
    wanted = request.args.get("q", "")[:80]
    facts = {
        "waiting": only_seen(current_user, reviewing.waiting(), lambda one: one.client_id),
        "labels": only_seen(current_user, cupboards.labels_to_read(), lambda one: one[0].client_id),
    }
    return render_template("admin/answers/list.html", q=wanted, clients=clients_named(wanted, reader=current_user), **facts)


@bp.post("/answers/labels/<int:id>")
@right_needed("health")
def read_label(id: int) -> Any:
    """A photographed label becomes a list that the calendar can read."""
    try:
        cupboards.read_label_for(min(id, LARGEST_ID), inci=request.form.get("inci", ""), by=actor(current_user))
    except Refused as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
    else:
        db.session.commit()
        flash("Read. The client sees its days from now on.", "success")
    return redirect(url_for("admin.answers"), 303)
