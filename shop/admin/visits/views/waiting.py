"""Who waits for a time, the longest first; put on and taken off at the desk as well."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user

from shop.accounts.assigning import only_seen
from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.visits.people import get_person
from shop.core.db import db
from shop.core.history import actor
from shop.visits import wishing
from shop.visits.choosing import matter_for
from shop.visits.views.reading import LARGEST_ID, id_of


@bp.get("/visits/waiting")
@right_needed("visits")
def visits_waiting() -> Any:
    return render_template(
        "admin/visits/waiting.html", wishes=only_seen(current_user, wishing.waiting(), lambda one: one.client_id)
    )


@bp.post("/visits/waiting")
@right_needed("visits")
def add_waiting() -> Any:
    client = get_person(id_of("client"))
    matter = matter_for(request.form.get("what", "")[:40], client_id=client.id)
    who = wishing.known_practitioner(id_of("with"))
    wishing.wish(client.id, wishing.what_of(matter), practitioner_id=who, by=actor(current_user))
    db.session.commit()
    flash(f"{client.name} is on the waiting list and hears of the next free time.", "success")
    return redirect("/admin/visits/waiting", 303)


@bp.post("/visits/waiting/<int:id>/end")
@right_needed("visits")
def end_waiting(id: int) -> Any:
    wishing.end(min(id, LARGEST_ID), by=actor(current_user))
    db.session.commit()
    flash("Off the list.", "success")
    return redirect("/admin/visits/waiting", 303)
