"""Somebody is away: see what it touches, then move or call off everything at once."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.pages import bp
from shop.admin.visits.days import entries_of
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import actor
from shop.visits.absences import Absence, affected, coming, end, settle
from shop.visits.models import Practitioner, Visit
from shop.visits.views.reading import day_of, id_of


@bp.get("/visits/away")
@right_needed("visits")
def visits_away() -> Any:
    return _page()


@bp.post("/visits/away")
@right_needed("visits")
def settle_absence() -> Any:
    absence, act = _absence(), request.form.get("act", "")
    if absence is None or act not in ("move", "cancel"):
        return _page(problem="Choose who is away, from when and until when."), 422
    try:
        done = settle(absence, moves=act == "move", cause=cause_of("away"), by=actor(current_user))
    except (Conflict, Refused) as error:
        db.session.rollback()
        return _page(problem=error.sentence), error.status
    db.session.commit()
    flash(f"{done.moved} moved, {done.cancelled} cancelled. Every client gets an e-mail.", "success")
    return redirect("/admin/visits/away", 303)


@bp.post("/visits/away/<int:id>/end")
@right_needed("visits")
def end_absence(id: int) -> Any:
    try:
        end(min(id, 2**53), by=actor(current_user))
    except Conflict as error:
        db.session.rollback()
        return _page(problem=error.sentence), error.status
    db.session.commit()
    flash("The times are free again. Appointments that were moved stay where they are.", "success")
    return redirect("/admin/visits/away", 303)


def _absence() -> Absence | None:
    """What was chosen, if it is complete; "clinic" means everybody."""
    who, first, last = request.values.get("who", ""), day_of("first"), day_of("last")
    if first is None or last is None or not (who == "clinic" or id_of("who")):
        return None
    known = None if who == "clinic" else db.session.get(Practitioner, id_of("who"))
    if who != "clinic" and known is None:
        return None
    name = " ".join(request.values.get("name", "").split())[:80]
    return Absence(practitioner_id=known.id if known else None, first=first, last=last, name=name)


def _page(*, problem: str = "") -> str:
    absence, touched = _absence(), []
    if absence is not None and not problem:
        try:
            touched = affected(absence)
        except Refused as error:
            absence, problem = None, error.sentence
    people = db.session.scalars(select(Practitioner).where(Practitioner.is_active).order_by(Practitioner.position)).all()
    return render_template(
        "admin/visits/away.html",
        absence=absence,
        entries=entries_of(Visit.id.in_([visit.id for visit in touched])) if touched else [],
        people=people,
        typed={name: request.values.get(name, "")[:80] for name in ("who", "first", "last", "name")},
        coming=coming(),
        today=clock.today(),
        problem=problem,
        cause=cause_kept(),
    )
