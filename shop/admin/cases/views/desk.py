"""The desk of cases: what is open by deadline; one case with what is known, its notes, its owner and its end.

What a reaction says is health data: those who treat open it, and each opening is logged.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from shop.accounts.assigning import only_seen
from shop.accounts.models import Client, User
from shop.accounts.rights import right_needed
from shop.accounts.roles import can
from shop.admin.cases.forms import CloseForm, NoteForm, OwnerForm
from shop.admin.choosing import choices
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.cases import pausing, working
from shop.cases.models import KINDS, REACTIONS, Case
from shop.cases.standing import open_cases
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Forbidden, ShopError
from shop.core.history import actor
from shop.core.templating import day
from shop.intake.reading import log_reading

LARGEST_ID, MOST = 2**53, 200
NOTHING_TOLD: dict[str, Any] = {
    "words": "",
    "name": "",
    "since": "",
    "weeks": None,
    "photo": "",
    "sessions": (),
    "products": (),
}
CLOSED = "This is about somebody’s health. Those who treat open it; the medical lead has been told."


@bp.get("/cases")
@right_needed("cases")
def cases() -> Any:
    is_closed = request.args.get("state") == "closed"
    wanted = open_cases(KINDS)
    if is_closed:
        wanted = select(Case).where(Case.closed_at.is_not(None)).order_by(Case.closed_at.desc(), Case.id.desc())
    rows = only_seen(current_user, db.session.scalars(wanted.limit(MOST)), lambda row: row.client_id)
    clients = _names({row.client_id for row in rows})
    owners = names_of(f"user:{row.owner_id}" for row in rows if row.owner_id)
    return render_template(
        "admin/cases/list.html",
        rows=[
            (row, KINDS[row.kind], clients.get(row.client_id, ""), owners.get(f"user:{row.owner_id}", "")) for row in rows
        ],
        is_closed=is_closed,
        now=clock.now(),
        may_open=_may_open,
    )


@bp.get("/cases/<int:id>")
@right_needed("cases")
def case(id: int) -> Any:
    return _page(_get(id))


@bp.post("/cases/<int:id>/notes")
@right_needed("cases")
def note_case(id: int) -> Any:
    found, form = _get(id), NoteForm()
    return _act(found, form, lambda by: working.note(found, form.text.data or "", by=by), "Written down.")


@bp.post("/cases/<int:id>/owner")
@right_needed("cases")
def assign_case(id: int) -> Any:
    found, form = _get(id), OwnerForm()
    form.owner.choices = _staff(found)
    to = int(form.owner.data) if (form.owner.data or "").isdecimal() else None
    return _act(found, form, lambda by: working.assign(found, to=to, by=by), "It has its owner.")


@bp.post("/cases/<int:id>/close")
@right_needed("cases")
def close_case(id: int) -> Any:
    found, form = _get(id), CloseForm()

    def close(by: str) -> None:
        working.close_case(found, result=form.result.data, words=form.words.data or "", by=by)
        if form.resume.data == "y":
            pausing.resume_sessions(found, by=by)

    return _act(found, form, close, "Closed.")


@bp.post("/cases/<int:id>/again")
@right_needed("cases")
def open_case_again(id: int) -> Any:
    found, form = _get(id), NoteForm()
    return _act(found, form, lambda by: working.open_again(found, words=form.text.data or "", by=by), "Open again.")


def _act(found: Case, form: Any, act: Callable[[str], Any], sentence: str) -> Any:
    id = found.id
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        act(actor(current_user))
    except ShopError as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(_get(id), form), refused.status
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("admin.case", id=id), 303)


def _get(id: int) -> Case:
    """Raises NotFound, or Forbidden for a reaction where its reader does not treat."""
    found = working.get_case(min(id, LARGEST_ID))
    if not _may_open(found):
        raise Forbidden(CLOSED)
    return found


def _may_open(found: Case) -> bool:
    return bool(found.kind not in REACTIONS or current_user.can("health"))


def _page(found: Case, form: Any = None) -> str:
    id = found.id
    if found.is_reaction:
        db.session.rollback()
        log_reading(by=actor(current_user), client_id=found.client_id, subject=f"case:{id}", why="case")
        found = working.get_case(id)
    entries, owner = working.entries_of(id), OwnerForm(formdata=None, owner=str(found.owner_id or ""))
    owner.owner.choices = _staff(found)
    forms = {"note": NoteForm(formdata=None), "owner": owner, "close": CloseForm(formdata=None)}
    refused = {NoteForm: "note", OwnerForm: "owner", CloseForm: "close"}.get(type(form))
    if refused:
        forms[refused] = form
    return render_template(
        "admin/cases/case.html",
        case=found,
        told={**NOTHING_TOLD, **found.content},
        kind=KINDS[found.kind],
        client=db.session.get(Client, found.client_id) if found.client_id is not None else None,
        entries=entries,
        names=names_of([found.opened_by, found.closed_by or "", *(entry.by for entry in entries)]),
        results=working.RESULTS,
        forms=forms,
        now=clock.now(),
        day_of=lambda text: day(date.fromisoformat(text)),
        has_paused=found.client_id is not None and pausing.has_paused(found),
        reads_health=current_user.can("health"),
    )


def _names(ids: set[int | None]) -> dict[int | None, str]:
    rows = db.session.execute(select(Client.id, Client.name).where(Client.id.in_([id for id in ids if id is not None])))
    return {row.id: row.name for row in rows}


def _staff(found: Case) -> list[SelectChoice]:
    """Who can be its owner; a reaction is for those who may read it."""
    active = select(User).where(User.role.is_not(None), User.disabled_at.is_(None)).order_by(User.name, User.id)
    able = [user for user in db.session.scalars(active) if can(user.role, "health" if found.is_reaction else "cases")]
    return choices({"": "Nobody yet", **{str(user.id): user.name or user.email for user in able}})
