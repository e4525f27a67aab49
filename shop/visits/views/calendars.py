"""The private calendar address: switched on, renewed and ended by its owner; and single appointments as files."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_login import current_user

from shop.accounts.own_file import own_client
from shop.core.access import declare
from shop.core.db import db
from shop.visits.feeding import feed_of, one_visit
from shop.visits.finding import get_visit
from shop.visits.links import client_of_feed, end_feed, get_by_token, open_feed
from shop.visits.pages import bp

TYPE = "text/calendar; charset=utf-8"


@bp.get("/calendar/<token>.ics")
def feed(token: str) -> Any:
    return Response(feed_of(client_of_feed(token)), content_type=TYPE)


@bp.get("/appointments/<token>/calendar.ics")
def appointment_file(token: str) -> Any:
    return _file(one_visit(get_by_token(token)))


declare(feed, "public")
declare(appointment_file, "public")


@bp.get("/account/visits/<number>/calendar.ics")
def visit_file(number: str) -> Any:
    return _file(one_visit(get_visit(number, client_id=current_user.client_id)))


@bp.post("/account/visits/calendar")
def switch_on() -> Any:
    """The first address, or a new one after which the old is dead."""
    open_feed(own_client(current_user.id).id)
    db.session.commit()
    flash("Your calendar address is ready. Keep it to yourself: whoever has it sees your appointments.", "success")
    return redirect(url_for("visits.visits") + "#calendar", 303)


@bp.post("/account/visits/calendar/end")
def switch_off() -> Any:
    if current_user.client_id is not None:
        end_feed(current_user.client_id)
    db.session.commit()
    flash("The calendar address opens nothing any more.", "success")
    return redirect(url_for("visits.visits") + "#calendar", 303)


def _file(text: bytes) -> Response:
    return Response(text, content_type=TYPE, headers={"Content-Disposition": 'attachment; filename="appointment.ics"'})
