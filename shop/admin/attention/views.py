"""The attention list: read, follow to the thing itself, close with a note."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from shop.accounts.rights import right_needed
from shop.admin.attention.listing import kind_word, open_entries, read_after, resolved_entries
from shop.admin.pages import bp
from shop.admin.paging import first_path, next_path
from shop.admin.paths import path_of
from shop.admin.people import names_of
from shop.core.attention import AttentionEntry, resolve_entry
from shop.core.db import db, one_or_404
from shop.core.errors import Conflict
from shop.core.forms import ShopForm
from shop.core.history import actor

LARGEST_ID = 2**53


class ResolveForm(ShopForm):
    note = TextAreaField(
        "What was done",
        [
            DataRequired("Write what was done, so that the next person knows."),
            Length(max=2000, message="At most 2,000 characters."),
        ],
    )


@bp.get("/attention")
@right_needed("attention")
def attention() -> Any:
    resolved, after = request.args.get("state") == "resolved", read_after(request.args.get("after", ""))
    page = resolved_entries(after=after) if resolved else open_entries(after=after)
    names = names_of(row.resolved_by or "" for row in page.rows)
    rows = [(row, kind_word(row.kind), path_of(row.subject), names.get(row.resolved_by or "", "")) for row in page.rows]
    paths = {"next_url": next_path(page.after), "first_url": first_path()}
    return render_template("admin/attention/list.html", rows=rows, resolved=resolved, **paths)


@bp.get("/attention/<int:id>")
@right_needed("attention")
def attention_entry(id: int) -> Any:
    return _page(_get(id), ResolveForm(formdata=None))


@bp.post("/attention/<int:id>")
@right_needed("attention")
def resolve_attention(id: int) -> Any:
    entry, form = _get(id), ResolveForm()
    if not form.validate_on_submit():
        return _page(entry, form), 422
    by, note = actor(current_user), (form.note.data or "").strip()
    if (entry.resolved_by, entry.note) != (by, note):  # the same click twice is one
        try:
            resolve_entry(id, by=by, note=note)
        except Conflict as conflict:
            db.session.rollback()
            return _page(_get(id), form, conflict.sentence), conflict.status
    db.session.commit()
    flash("Closed, with your note.", "success")
    return redirect(url_for("admin.attention"), 303)


def _get(id: int) -> AttentionEntry:
    wanted = select(AttentionEntry).where(AttentionEntry.id == min(id, LARGEST_ID))
    return one_or_404(wanted, "This entry is not here.")


def _page(entry: AttentionEntry, form: ResolveForm, problem: str = "") -> str:
    names = names_of([entry.resolved_by or ""])
    return render_template(
        "admin/attention/entry.html",
        entry=entry,
        kind=kind_word(entry.kind),
        path=path_of(entry.subject),
        resolved_by=names.get(entry.resolved_by or "", ""),
        form=form,
        problem=problem,
    )
