"""Setting up who treats what when, and the rooms."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.visits import team
from shop.admin.visits.forms import minutes_of
from shop.admin.visits.team import WEEKDAYS, Setup, Shift
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import actor
from shop.visits.models import Practitioner
from shop.visits.views.reading import id_of

LARGEST_ID = 2**53


@bp.get("/visits/team")
@right_needed("settings")
def visits_team() -> Any:
    return _list()


@bp.get("/visits/team/new")
@right_needed("settings")
def new_practitioner() -> Any:
    return _page(None)


@bp.get("/visits/team/<int:id>")
@right_needed("settings")
def practitioner(id: int) -> Any:
    return _page(team.get_practitioner(min(id, LARGEST_ID)))


@bp.post("/visits/team/new")
@right_needed("settings")
def add_practitioner() -> Any:
    return _keep(None)


@bp.post("/visits/team/<int:id>")
@right_needed("settings")
def change_practitioner(id: int) -> Any:
    return _keep(min(id, LARGEST_ID))


@bp.post("/visits/rooms")
@right_needed("settings")
def add_room() -> Any:
    try:
        team.add_room(request.form.get("room", ""), by=actor(current_user))
    except (Conflict, Refused) as error:
        db.session.rollback()
        return _list(problem=error.sentence), error.status
    db.session.commit()
    return redirect("/admin/visits/team", 303)


@bp.post("/visits/rooms/<int:id>")
@right_needed("settings")
def switch_room(id: int) -> Any:
    team.switch_room(min(id, LARGEST_ID), by=actor(current_user))
    db.session.commit()
    return redirect("/admin/visits/team", 303)


def _keep(practitioner_id: int | None) -> Any:
    who = team.get_practitioner(practitioner_id) if practitioner_id else None
    try:
        team.keep(who, _typed(), by=actor(current_user))
    except (Conflict, Refused) as error:
        db.session.rollback()
        return _page(
            team.get_practitioner(practitioner_id) if practitioner_id else None, problem=error.sentence
        ), error.status
    db.session.commit()
    flash("Saved. Appointments that are booked stay as they are.", "success")
    return redirect("/admin/visits/team", 303)


def _typed() -> Setup:
    """Raises Refused for hours that make no sense."""
    ticked = request.form.getlist("treatment")
    return Setup(
        name=" ".join(request.form.get("name", "").split())[:120],
        treatments=frozenset(int(one) for one in ticked if one.isascii() and one.isdecimal() and len(one) < 16),
        week={n: shift for n in range(7) if (shift := _shift(n)) is not None},
        gives_consultations=request.form.get("consultations") == "y",
        is_active=request.form.get("active") == "y",
        user_id=id_of("user"),
        member_id=id_of("member"),
    )


def _shift(weekday: int) -> Shift | None:
    begins, ends = minutes_of(f"from_{weekday}"), minutes_of(f"to_{weekday}")
    pause, goes_on = minutes_of(f"break_{weekday}"), minutes_of(f"until_{weekday}")
    if begins is None and ends is None:
        return None
    if begins is None or ends is None or begins >= ends:
        raise Refused(f"{WEEKDAYS[weekday]} needs a beginning and a later end.", field=f"from_{weekday}")
    if pause is None and goes_on is None:
        return Shift(begins, ends, [])
    if pause is None or goes_on is None or not begins <= pause < goes_on <= ends:
        raise Refused(f"The break on {WEEKDAYS[weekday]} must lie within the day.", field=f"break_{weekday}")
    return Shift(begins, ends, [[pause, goes_on]])


def _list(*, problem: str = "") -> str:
    return render_template("admin/visits/team.html", people=team.everybody(), rooms=team.rooms(), problem=problem)


def _page(who: Practitioner | None, *, problem: str = "") -> str:
    return render_template(
        "admin/visits/practitioner.html",
        who=who,
        week=_week(who),
        given=team.treatments_of(who.id) if who else set(),
        treatments=team.treatments(),
        faces=team.faces(),
        sign_ins=team.sign_ins(),
        problem=problem,
    )


def _week(who: Practitioner | None) -> list[tuple[int, str, dict[str, str]]]:
    """(weekday, its name, typed or kept times as "09:30")"""
    kept = team.week_of(who.id) if who else {}
    found = []
    for weekday, name in enumerate(WEEKDAYS):
        row = kept.get(weekday)
        pause = row.breaks[0] if row and row.breaks else (None, None)
        times = {"from": row.from_minute if row else None, "to": row.to_minute if row else None}
        times |= {"break": pause[0], "until": pause[1]}
        words = {key: request.form.get(f"{key}_{weekday}", _clock(minute)) for key, minute in times.items()}
        found.append((weekday, name, words))
    return found


def _clock(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"
