"""Booking in three steps: what, when, confirm. Each is a page of its own, so the way back always works."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.own_file import own_client
from shop.core.db import db
from shop.core.errors import Conflict, Refused, ShopError
from shop.core.history import actor
from shop.core.templating import moment, rendered
from shop.visits.booking import Choice, book
from shop.visits.choosing import agreement, matter_for, options
from shop.visits.matters import Matter
from shop.visits.offering import offer
from shop.visits.pages import bp
from shop.visits.views.reading import cause_kept, cause_of, day_of, id_of, moment_of, write_moment


@bp.get("/account/visits/new")
def new() -> Any:
    what = request.args.get("what", "")[:40]
    if not what:
        return render_template("visits/what.html", options=options(current_user.client_id))
    matter = matter_for(what, client_id=current_user.client_id)
    return _times(matter, what) if moment_of("at") is None else _confirm(matter, what)


@bp.post("/account/visits/new")
def create() -> Any:
    what = request.form.get("what", "")[:40]
    client_id = own_client(current_user.id).id if what == "consultation" else current_user.client_id
    matter, choice = matter_for(what, client_id=client_id), chosen()
    if choice is None:
        return _times(matter, what, problem="Please choose a time."), 422
    try:
        visit = book(matter, choice, cause=cause_of("client"), by=actor(current_user))
    except ShopError as error:
        return _refused(what, error)
    number, when = visit.number, moment(visit.starts_at)
    db.session.commit()
    flash(f"Booked: {when}. A confirmation is on its way to you.", "success")
    return redirect(url_for("visits.visit", number=number), 303)


def chosen() -> Choice | None:
    """What the last step sent; None without a time."""
    starts_at = moment_of("at")
    if starts_at is None:
        return None
    return Choice(starts_at=starts_at, practitioner_id=id_of("with"), asked_early=request.form.get("express") == "y")


def _refused(what: str, error: ShopError) -> Any:
    """A missing tick stays on the last step; everything else leads back to the times."""
    db.session.rollback()
    matter = matter_for(what, client_id=current_user.client_id)
    if error.field == "express":
        return _confirm(matter, what, problem=error.sentence), error.status
    return _times(matter, what, problem=error.sentence), error.status


def _times(matter: Matter, what: str, *, problem: str = "") -> str:
    early = request.values.get("early") == "1"
    found = offer(matter, since=day_of("from"), practitioner_id=id_of("with"), early=early)
    return render_template(
        "visits/times.html",
        matter=matter,
        what=what,
        offer=found,
        chosen_who=id_of("with"),
        is_early=early,
        problem=problem,
        path="/account/visits/new",
        keep={"what": what},
        write_moment=write_moment,
    )


def _confirm(matter: Matter, what: str, *, problem: str = "") -> Any:
    choice = chosen()
    assert choice is not None
    try:
        agreed = agreement(matter, choice)
    except (Conflict, Refused) as gone:
        db.session.rollback()
        return _times(matter, what, problem=gone.sentence), gone.status
    return render_template(
        "visits/confirm.html",
        matter=matter,
        what=what,
        agreed=agreed,
        request_html=rendered(agreed.request_md) if agreed.request_md else "",
        at=write_moment(choice.starts_at),
        problem=problem,
        cause=cause_kept(),
        path="/account/visits/new",
        was=None,
    )
