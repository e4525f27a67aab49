"""A client's series, and its acts: each is looked at first, in sentences, and done when the same sentences were seen."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.pages import bp
from shop.admin.sessions.acts import SIMPLE, Act
from shop.admin.sessions.exchanging import EXCHANGES
from shop.admin.sessions.handing import HANDED
from shop.admin.sessions.showing import Sheet, get_sheet
from shop.core.db import db
from shop.core.errors import Refused, ShopError
from shop.core.history import actor

ACTS = (*SIMPLE[:3], *EXCHANGES, *HANDED, *SIMPLE[3:])
GONE = "This is not possible with these sessions any more."
LOOK = "What it would change has changed since you looked. Look once more, please."


@bp.get("/clients/<int:id>/sessions/<code>")
@right_needed("clients")
def series(id: int, code: str) -> Any:
    sheet = get_sheet(id, code)
    acts = [act for act in ACTS if current_user.can(act.right) and act.is_possible(sheet.credit)]
    return render_template("admin/sessions/series.html", sheet=sheet, acts=acts)


def _show(act: Act) -> Callable[..., Any]:
    def show(id: int, code: str) -> Any:
        sheet = get_sheet(id, code)
        if not act.is_possible(sheet.credit):
            flash(GONE, "warning")
            return redirect(url_for("admin.series", id=id, code=code), 303)
        return _page(sheet, act, _form(act, sheet, fresh=True))

    return show


def _do(act: Act) -> Callable[..., Any]:
    def do(id: int, code: str) -> Any:
        sheet = get_sheet(id, code)
        form = _form(act, sheet)
        if not form.validate():
            return _page(sheet, act, form), 422
        try:
            said = _looked(act, sheet, form)
            if not form.seen.data:
                return _page(sheet, act, form, said)
            if form.seen.data != _mark(said):
                form.refuse(Refused(LOOK))
                return _page(sheet, act, form, said), 409
            done = act.do(sheet.credit, form, cause_of(act.key), actor(current_user))
        except ShopError as error:
            db.session.rollback()
            form.refuse(error)
            return _page(get_sheet(id, code), act, form), error.status
        db.session.commit()
        flash(done.words, "success")
        return redirect(url_for("admin.series", id=id, code=done.code or code), 303)

    return do


def _looked(act: Act, sheet: Sheet, form: Any) -> list[str]:
    if not act.is_possible(sheet.credit):
        raise Refused(GONE)
    return act.look(sheet.credit, form)


def _form(act: Act, sheet: Sheet, *, fresh: bool = False) -> Any:
    form: Any = act.form(formdata=None) if fresh else act.form()
    form.may_pay_back = bool(current_user.can("refunds"))
    act.lay_out(sheet.credit, form)
    return form


def _mark(said: list[str]) -> str:
    return sha256("\n".join(said).encode()).hexdigest()[:24]


def _page(sheet: Sheet, act: Act, form: Any, said: list[str] | None = None) -> str:
    form.seen.data = _mark(said) if said else ""
    fields = [field for field in form if field.name not in ("csrf_token", "seen", "reason")]
    return render_template(
        "admin/sessions/act.html", sheet=sheet, act=act, form=form, fields=fields, said=said or [], cause=cause_kept()
    )


for _act in ACTS:
    _path = f"/clients/<int:id>/sessions/<code>/{_act.key}"
    bp.add_url_rule(_path, f"look_{_act.key}", right_needed(_act.right)(_show(_act)), methods=["GET"])
    bp.add_url_rule(_path, f"do_{_act.key}", right_needed(_act.right)(_do(_act)), methods=["POST"])
