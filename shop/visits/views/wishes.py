"""The waiting list as its client sees it: one tap on, one tap off."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_login import current_user

from shop.accounts.own_file import own_client
from shop.core.access import declare
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.history import actor
from shop.visits import wishing
from shop.visits.choosing import matter_for
from shop.visits.finding import get_visit
from shop.visits.links import get_by_token
from shop.visits.models import Visit
from shop.visits.pages import bp
from shop.visits.rescheduling import can_move
from shop.visits.views.reading import LARGEST_ID, id_of

WAITS = "You are on the waiting list. We write as soon as a time becomes free."
TOO_LATE = "It is too close to the appointment for an earlier one. Please call us."


@bp.post("/account/visits/wishes")
def make_wish() -> Any:
    what = request.form.get("what", "")[:40]
    client_id = own_client(current_user.id).id if what == "consultation" else current_user.client_id
    matter = matter_for(what, client_id=client_id)
    who = wishing.known_practitioner(id_of("with"))
    wishing.wish(matter.client_id, wishing.what_of(matter), practitioner_id=who, by=actor(current_user))
    db.session.commit()
    flash(WAITS, "success")
    return redirect("/account/visits", 303)


@bp.post("/account/visits/wishes/<int:id>/end")
def end_wish(id: int) -> Any:
    wishing.end(min(id, LARGEST_ID), client_id=current_user.client_id or 0, by=actor(current_user))
    db.session.commit()
    flash("You are off the waiting list.", "success")
    return redirect("/account/visits", 303)


@bp.post("/account/visits/<number>/earlier")
def wish_earlier(number: str) -> Any:
    return _earlier(get_visit(number, client_id=current_user.client_id), f"/account/visits/{number}", actor(current_user))


@bp.post("/appointments/<token>/earlier")
def wish_earlier_by_link(token: str) -> Any:
    visit = get_by_token(token)
    return _earlier(visit, f"/appointments/{token}", f"client:{visit.client_id}")


declare(wish_earlier_by_link, "public")


def _earlier(visit: Visit, back: str, by: str) -> Any:
    if not can_move(visit):
        raise Refused(TOO_LATE)
    wishing.wish_earlier(visit, by=by)
    db.session.commit()
    flash("We write as soon as an earlier time becomes free. Until then your appointment stays as it is.", "success")
    return redirect(back, 303)
