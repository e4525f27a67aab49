"""A client's diary at the desk: what she allowed this reader, each look written down; and a picture taken at a visit."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.account.writing_diary import chosen, picture, typed_entry
from shop.accounts.assigning import seen_by
from shop.accounts.models import Client
from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.core import clock
from shop.core.db import db, one_or_404
from shop.core.errors import NotFound, Refused, ShopError
from shop.core.history import actor
from shop.intake import diary
from shop.intake.reading import log_reading
from shop.visits.diary import diary_of, may_see
from shop.visits.models import Visit

RECENT = 12


@bp.get("/clients/<int:id>/diary")
@right_needed("health")
def client_diary(id: int) -> Any:
    client = _client(id)
    log_reading(by=actor(current_user), client_id=client.id, subject="diary", why="advice")
    return _page(client)


@bp.get("/clients/<int:id>/diary/<int:line_id>/picture")
@right_needed("health")
def client_picture(id: int, line_id: int) -> Response:
    entry = diary.get_entry(line_id, client_id=_client(id).id)
    if not may_see(entry, current_user.role):
        raise NotFound(diary.GONE)
    log_reading(by=actor(current_user), client_id=entry.client_id, subject=f"diary:{entry.id}", why="advice")
    return picture(entry)


@bp.post("/clients/<int:id>/diary")
@right_needed("health")
def add_client_picture(id: int) -> Any:
    """Taken at a visit, with the client's word for what it may be used for."""
    client, by = _client(id), actor(current_user)
    try:
        typed = typed_entry()
        if not set(typed["purposes"]) & set(diary.PURPOSES):
            raise Refused("Ask the client first, and tick what she allows.", field="purpose")
        if not typed["photo"]:
            raise Refused("Choose a photograph.", field="photo")
        diary.write_entry(client.id, by=by, visit_number=_visit(client.id), **typed)
    except ShopError as refused:
        db.session.rollback()
        return _page(_client(id), refused), refused.status
    db.session.commit()
    flash("It is in the diary. The client sees it there and can take it back.", "success")
    return redirect(url_for("admin.client_diary", id=id), 303)


def _visit(client_id: int) -> str:
    """The visit that was chosen, or the day's own. Raises Refused for one of somebody else."""
    number = request.form.get("visit", "")[:20]
    if number not in {visit.number for visit in _visits(client_id)}:
        raise Refused("At which visit was it taken?", field="visit")
    return number


def _visits(client_id: int) -> list[Visit]:
    """The newest first; what lies ahead is no visit at which a picture was taken."""
    until = clock.end_of_day(clock.today())
    been = select(Visit).where(Visit.client_id == client_id, Visit.state.in_(("booked", "arrived", "done")))
    return list(db.session.scalars(been.where(Visit.starts_at < until).order_by(Visit.starts_at.desc()).limit(RECENT)))


def _client(client_id: int) -> Client:
    wanted = select(Client).where(Client.id == min(client_id, 2**53), Client.erased_at.is_(None))
    return one_or_404(wanted.where(seen_by(current_user, Client.id)), "There is no such client.")


def _page(client: Client, problem: ShopError | None = None) -> str:
    return render_template(
        "admin/clients/diary.html",
        client=client,
        diary=diary_of(client.id, role=current_user.role, left=chosen("left"), right=chosen("right")),
        visits=_visits(client.id),
        wording=diary.wording(),
        words=diary.PURPOSE_WORDS,
        today=clock.today(),
        problem=problem,
        ticked=set(request.form.getlist("purpose")) if problem else set(),
        typed={name: request.form.get(name, "")[:600] for name in ("day", "visit", "words")},
    )
