"""Booking for a client and moving at the desk: every free time is offered, and what spacing forbids needs a reason and a role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.pages import bp
from shop.admin.visits.people import find_people, get_person
from shop.core.db import db
from shop.core.errors import Conflict, Refused, ShopError
from shop.core.history import actor
from shop.core.templating import moment
from shop.core.texts import current_text
from shop.visits import early
from shop.visits.booking import Choice, book
from shop.visits.choosing import matter_for, options
from shop.visits.finding import any_visit
from shop.visits.matters import Matter
from shop.visits.models import Visit
from shop.visits.offering import bounds_of, offer
from shop.visits.rescheduling import matter_of_visit, move
from shop.visits.views.reading import day_of, id_of, moment_of, write_moment
from shop.wallet.requesting import TEXT

DAYS_SHOWN = 10
ROLE_NEEDED = "Only those who treat may set the spacing aside. Ask one of them, or choose another day."


@dataclass(frozen=True)
class Task:
    """What is being booked or moved, for whom, and where its pages are."""

    matter: Matter
    client_name: str
    path: str
    keep: dict[str, Any]
    visit: Visit | None = None


@bp.get("/visits/new")
@right_needed("visits")
def new_visit() -> Any:
    client_id, what = id_of("client"), request.args.get("what", "")[:40]
    if client_id is None:
        q = request.args.get("q", "")
        return render_template("admin/visits/who.html", q=q, people=find_people(q, reader=current_user), keep=_kept())
    client = get_person(client_id)
    if not what:
        return render_template("admin/visits/what.html", client=client, options=options(client.id), keep=_kept())
    return _page(_new_task(client_id, what))


@bp.post("/visits/new")
@right_needed("visits")
def book_visit() -> Any:
    client_id, what = id_of("client"), request.form.get("what", "")[:40]
    try:
        task = _new_task(client_id, what)
        visit = book(task.matter, _choice(), cause=cause_of("desk"), by=actor(current_user))
    except (Conflict, Refused) as error:
        db.session.rollback()
        return _page(_new_task(client_id, what), error=error), error.status
    number, when = visit.number, moment(visit.starts_at)
    db.session.commit()
    flash(f"Booked: {when}. The client gets an e-mail.", "success")
    return redirect(f"/admin/visits/{number}", 303)


@bp.get("/visits/<number>/move")
@right_needed("visits")
def move_visit_page(number: str) -> Any:
    return _page(_move_task(number))


@bp.post("/visits/<number>/move")
@right_needed("visits")
def move_visit(number: str) -> Any:
    try:
        later = move(any_visit(number), _choice(), cause=cause_of("desk-move"), by=actor(current_user))
    except (Conflict, Refused) as error:
        db.session.rollback()
        return _page(_move_task(number), error=error), error.status
    new_number, when = later.number, moment(later.starts_at)
    db.session.commit()
    flash(f"Moved to {when}. The client gets an e-mail.", "success")
    return redirect(f"/admin/visits/{new_number}", 303)


def _new_task(client_id: int | None, what: str) -> Task:
    client = get_person(client_id)
    matter = matter_for(what, client_id=client.id)
    return Task(matter, client.name, "/admin/visits/new", {"client": client.id, "what": what})


def _move_task(number: str) -> Task:
    visit = any_visit(number)
    client = get_person(visit.client_id)
    return Task(matter_of_visit(visit), client.name, f"/admin/visits/{number}/move", {}, visit)


def _choice() -> Choice:
    """What was sent, as staff choose it. Raises Refused without a time, or for a reason without the role."""
    starts_at, override = moment_of("at"), " ".join(request.form.get("override", "").split())[:300]
    if starts_at is None:
        raise Refused("Choose a time.")
    if override and not current_user.can("health"):
        raise Refused(ROLE_NEEDED)
    asked = request.form.get("express") == "y"
    return Choice(starts_at=starts_at, practitioner_id=id_of("with"), asked_early=asked, override=override, is_staff=True)


def _page(task: Task, *, error: ShopError | None = None) -> str:
    """The times, or the last step once one is chosen."""
    problem = error.sentence if error else ""
    chosen = moment_of("at")
    if chosen is None or isinstance(error, Conflict):
        moving = task.visit.id if task.visit else None
        found = offer(
            task.matter, since=day_of("from"), days=DAYS_SHOWN, practitioner_id=id_of("with"), moving=moving, is_staff=True
        )
        words = {"offer": found, "chosen_who": id_of("with"), "write_moment": write_moment}
        return render_template("admin/visits/times.html", task=task, problem=problem, **words)
    bounds = bounds_of(task.matter, without=task.visit.id if task.visit else None, is_staff=True)
    on = Choice(starts_at=chosen).on
    credit = task.matter.credit
    return render_template(
        "admin/visits/confirm.html",
        task=task,
        at=write_moment(chosen),
        starts_at=chosen,
        chosen_who=id_of("with"),
        check=bounds.check(on),
        request_md=current_text(TEXT).body_md if credit and early.must_ask(credit, on=on) else "",
        can_override=current_user.can("health"),
        override=request.form.get("override", "")[:300],
        problem=problem,
        cause=cause_kept(),
    )


def _kept() -> dict[str, str]:
    """A free stretch of the day view stays chosen through the steps."""
    return {name: request.args[name][:40] for name in ("at", "with", "from") if name in request.args}
