"""The treatment record: opened with what was kept, or as last time; saved whole by the button and in pieces as one types."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.visits.days import entries_of
from shop.admin.visits.forms import AREA_IDS, AREAS, SOLUTIONS, revision, typed_record
from shop.core.db import db
from shop.core.errors import Conflict, Refused, ShopError
from shop.core.history import actor
from shop.core.templating import time_of_day
from shop.intake.reading import log_reading
from shop.visits.finding import any_visit
from shop.visits.mixing import before_mixing
from shop.visits.models import Visit
from shop.visits.recording import EMPTY, REACTIONS, as_last_time, find_record, last_record, save
from shop.visits.supplying import used_lots


@bp.get("/visits/<number>/record")
@right_needed("health")
def visit_record(number: str) -> Any:
    _log(number)
    visit = any_visit(number)
    kept, last = find_record(visit), last_record(visit)
    content = {**EMPTY, **kept.content} if kept else {**EMPTY, "solutions": _taken(visit)}
    if request.args.get("same") == "1" and last is not None:
        content = as_last_time(last)
    return _page(visit, content, kept.revision if kept else 0)


@bp.post("/visits/<number>/record")
@right_needed("health")
def keep_record(number: str) -> Any:
    finishes = request.form.get("finish") == "y"
    try:
        save(any_visit(number), typed_record(), revision=revision(), by=actor(current_user), finished=finishes)
    except (Conflict, Refused) as error:
        return _refused(number, error)
    db.session.commit()
    flash("The record is finished." if finishes else "Saved as a draft.", "success")
    return redirect(f"/admin/visits/{number}", 303)


@bp.post("/visits/<number>/draft")
@right_needed("health")
def keep_draft(number: str) -> Any:
    """What a page posts while somebody types; it answers with the next revision."""
    try:
        kept = save(any_visit(number), typed_record(), revision=revision(), by=actor(current_user))
    except (Conflict, Refused) as error:
        db.session.rollback()
        return jsonify(error=error.sentence), error.status
    answer = {"revision": kept.revision, "saved_at": time_of_day(kept.saved_at)}
    answer["warnings"] = [words for words, _ in before_mixing(kept.client_id, kept.content["solutions"])]
    db.session.commit()
    return jsonify(answer)


def _taken(visit: Visit) -> list[dict[str, str]]:
    """What left the shelf for this visit: a new record begins with it."""
    return [{"name": one.name, "ingredients": one.inci[:200], "lot": one.lot} for one in used_lots(visit)[:SOLUTIONS]]


def _refused(number: str, error: ShopError) -> Any:
    """What was typed stays on the page."""
    db.session.rollback()
    _log(number)
    typed = {**EMPTY, "notes": request.form.get("notes", "")}
    if not isinstance(error, Refused):
        typed = typed_record()
    return _page(any_visit(number), typed, revision(), problem=error.sentence), error.status


def _log(number: str) -> None:
    """Whoever opens a record leaves a row before it is shown, in a transaction of its own."""
    client_id = any_visit(number).client_id
    if request.method != "GET":
        db.session.rollback()
    log_reading(by=actor(current_user), client_id=client_id, subject=f"record:{number}", why="visit")


def _page(visit: Visit, content: dict[str, Any], number_of_saving: int, *, problem: str = "") -> str:
    entry = next(iter(entries_of(Visit.id == visit.id)), None)
    solutions = [{"name": "", "ingredients": "", "lot": "", "last_lot": "", **one} for one in content["solutions"]]
    empty = {"name": "", "ingredients": "", "lot": "", "last_lot": ""}
    return render_template(
        "admin/visits/record.html",
        visit=visit,
        entry=entry,
        content=content,
        solutions=(solutions + [empty] * SOLUTIONS)[:SOLUTIONS],
        areas=AREAS,
        area_ids=AREA_IDS,
        reactions=REACTIONS,
        revision=number_of_saving,
        last=last_record(visit),
        warnings=before_mixing(visit.client_id, solutions),
        problem=problem,
    )
