"""The settings desk: a page for each group, with who changed what."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.fingerprints import fingerprint
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.admin.settings.saving import save_typed, standing
from shop.admin.settings.typing_in import form_of, groups, keys_of, label_of, name_of, said, told
from shop.core.db import db
from shop.core.errors import NotFound, ShopError
from shop.core.forms import ShopForm
from shop.core.history import HistoryRow, actor
from shop.core.settings import forget, setting

TOLD = 30


@bp.get("/settings")
@right_needed("settings")
def settings() -> Any:
    rows = [
        (group, words, [(label_of(k), said(k, setting(k))) for k in keys_of(group)]) for group, words in groups().items()
    ]
    return render_template("admin/settings/list.html", groups=rows)


@bp.get("/settings/<group>")
@right_needed("settings")
def settings_group(group: str) -> Any:
    _known(group)
    return _page(group, form_of(keys_of(group), sent=False))


@bp.post("/settings/<group>")
@right_needed("settings")
def change_settings(group: str) -> Any:
    _known(group)
    form = form_of(keys_of(group), sent=True)
    if not form.validate_on_submit():
        return _page(group, form), 422
    try:
        save_typed(form, keys_of(group), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(group, form), error.status
    db.session.commit()
    forget()  # once more: until now others have read what stood before
    flash("Saved. Every page says so within seconds.", "success")
    return redirect(url_for("admin.settings_group", group=group), 303)


def _known(group: str) -> None:
    if group not in groups():
        raise NotFound("There are no such settings.")


def _told(row: HistoryRow) -> tuple[HistoryRow, str, str, str]:
    key = row.subject.partition(":")[2]
    return row, label_of(key), told(key, row.was), told(key, row.now)


def _page(group: str, form: ShopForm) -> str:
    subjects = [f"setting:{key}" for key in keys_of(group)]
    rows = select(HistoryRow).where(HistoryRow.subject.in_(subjects)).order_by(HistoryRow.id.desc()).limit(TOLD)
    history = [_told(row) for row in db.session.scalars(rows)]
    fields = [form[name_of(key)] for key in keys_of(group)]
    words = {
        "title": groups()[group],
        "names": names_of(row.by for row, *_ in history),
        "seen": fingerprint(standing(keys_of(group))),
    }
    return render_template("admin/settings/group.html", group=group, form=form, fields=fields, history=history, **words)
