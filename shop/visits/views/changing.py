"""Moving, calling off and confirming an appointment: signed in, or by the link of an e-mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user

from shop.core import clock
from shop.core.access import declare
from shop.core.db import db
from shop.core.errors import Conflict, Refused, ShopError
from shop.core.history import actor
from shop.core.templating import moment, rendered
from shop.visits.cancelling import FREE, cancel, consequence_of
from shop.visits.changing import check_state
from shop.visits.choosing import agreement
from shop.visits.finding import get_visit
from shop.visits.links import get_by_token
from shop.visits.models import Visit
from shop.visits.offering import offer
from shop.visits.pages import bp
from shop.visits.rescheduling import can_move, matter_of_visit, move
from shop.visits.showing import shown_of
from shop.visits.views.booking import chosen
from shop.visits.views.reading import cause_kept, cause_of, day_of, id_of, write_moment


@dataclass(frozen=True)
class Door:
    """How somebody came to the appointment: the path of its pages, and who acts."""

    visit: Visit
    path: str
    by: str
    is_signed: bool


def _own(number: str) -> Door:
    visit = get_visit(number, client_id=current_user.client_id)
    return Door(visit, f"/account/visits/{number}", actor(current_user), False)


def _by_link(token: str) -> Door:
    visit = get_by_token(token)
    return Door(visit, f"/appointments/{token}", f"client:{visit.client_id}", True)


@bp.get("/appointments/<token>")
def appointment(token: str) -> Any:
    door = _by_link(token)
    return render_template("visits/appointment.html", one=shown_of(door.visit), path=door.path)


@bp.post("/appointments/<token>/confirm")
def confirm_appointment(token: str) -> Any:
    return _confirm(_by_link(token))


@bp.post("/account/visits/<number>/confirm")
def confirm_visit(number: str) -> Any:
    return _confirm(_own(number))


@bp.get("/account/visits/<number>/move")
def move_page(number: str) -> Any:
    return _choose(_own(number))


@bp.get("/appointments/<token>/move")
def move_appointment_page(token: str) -> Any:
    return _choose(_by_link(token))


@bp.post("/account/visits/<number>/move")
def move_visit(number: str) -> Any:
    return _move(lambda: _own(number))


@bp.post("/appointments/<token>/move")
def move_appointment(token: str) -> Any:
    return _move(lambda: _by_link(token))


@bp.get("/account/visits/<number>/cancel")
def cancel_page(number: str) -> Any:
    return _ask_to_cancel(_own(number))


@bp.get("/appointments/<token>/cancel")
def cancel_appointment_page(token: str) -> Any:
    return _ask_to_cancel(_by_link(token))


@bp.post("/account/visits/<number>/cancel")
def cancel_visit(number: str) -> Any:
    return _cancel(lambda: _own(number))


@bp.post("/appointments/<token>/cancel")
def cancel_appointment(token: str) -> Any:
    return _cancel(lambda: _by_link(token))


for _view in (appointment, confirm_appointment, move_appointment_page, move_appointment):
    declare(_view, "public")
for _view in (cancel_appointment_page, cancel_appointment):
    declare(_view, "public")


def _confirm(door: Door) -> Any:
    visit = check_state(door.visit, "booked", "arrived")
    visit.confirmed_at = visit.confirmed_at or clock.now()
    db.session.commit()
    flash("Thank you, we expect you.", "success")
    return redirect(door.path, 303)


def _choose(door: Door) -> Any:
    if not can_move(door.visit):
        return render_template("visits/too_late.html", one=shown_of(door.visit), path=door.path)
    return _times(door) if chosen() is None else _agree(door)


def _move(find: Callable[[], Door]) -> Any:
    door, choice = find(), chosen()
    if choice is None:
        return _times(door, problem="Please choose a time."), 422
    try:
        later = move(door.visit, choice, cause=cause_of("move"), by=door.by)
    except ShopError as error:
        db.session.rollback()
        again = find()
        page = _agree(again, problem=error.sentence) if error.field == "express" else _times(again, problem=error.sentence)
        return page, error.status
    number, when = later.number, moment(later.starts_at)
    db.session.commit()
    flash(f"Moved: your appointment is on {when} now.", "success")
    return redirect(door.path if door.is_signed else f"/account/visits/{number}", 303)


def _ask_to_cancel(door: Door) -> Any:
    if not door.visit.is_ahead:
        return redirect(door.path, 303)
    due = consequence_of(door.visit)
    return render_template("visits/cancel.html", one=shown_of(door.visit), due=due, path=door.path, problem="")


def _cancel(find: Callable[[], Door]) -> Any:
    door = find()
    try:
        due = cancel(door.visit, by=door.by, seen=request.form.get("seen", FREE))
    except Conflict as conflict:
        db.session.rollback()
        again = find()
        words = {"one": shown_of(again.visit), "due": consequence_of(again.visit), "path": again.path}
        return render_template("visits/cancel.html", **words, problem=conflict.sentence), conflict.status
    db.session.commit()
    flash(f"Your appointment is cancelled. {due.words.split(' That is so until')[0]}", "success")
    return redirect(door.path, 303)


def _times(door: Door, *, problem: str = "") -> str:
    early = request.values.get("early") == "1"
    matter = matter_of_visit(door.visit)
    found = offer(matter, since=day_of("from"), practitioner_id=id_of("with"), early=early, moving=door.visit.id)
    return render_template(
        "visits/times.html",
        matter=matter,
        what="",
        offer=found,
        chosen_who=id_of("with"),
        is_early=early,
        problem=problem,
        path=f"{door.path}/move",
        keep={},
        write_moment=write_moment,
        was=door.visit,
    )


def _agree(door: Door, *, problem: str = "") -> Any:
    choice, matter = chosen(), matter_of_visit(door.visit)
    assert choice is not None
    try:
        agreed = agreement(matter, choice, moving=door.visit.id)
    except (Conflict, Refused) as gone:
        db.session.rollback()
        return _times(door, problem=gone.sentence), gone.status
    return render_template(
        "visits/confirm.html",
        matter=matter,
        what="",
        agreed=agreed,
        request_html=rendered(agreed.request_md) if agreed.request_md else "",
        at=write_moment(choice.starts_at),
        problem=problem,
        cause=cause_kept(),
        path=f"{door.path}/move",
        was=door.visit,
    )
