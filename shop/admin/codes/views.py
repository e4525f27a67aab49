"""The desk of codes: the list, a new one, one that is changed, and its end."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.acting import carry_out
from shop.admin.codes.forms import CodeForm, NewCodeForm
from shop.admin.codes.offered import listed, offered, state_of, uses_of
from shop.admin.fingerprints import fingerprint, refuse_older
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.bag.making_codes import FACTS, change_code, end_code, make_code
from shop.bag.models import DiscountCode
from shop.core import clock
from shop.core.db import db, one_or_404
from shop.core.history import actor, history_of


@bp.get("/codes")
@right_needed("codes")
def codes() -> Any:
    return render_template("admin/codes/list.html", rows=listed(current_app.config["SHOP"].currency, clock.today()))


@bp.get("/codes/new")
@right_needed("codes")
def new_code() -> Any:
    return render_template("admin/codes/new.html", form=NewCodeForm(offered(), formdata=None))


@bp.post("/codes/new")
@right_needed("codes")
def add_code() -> Any:
    form = NewCodeForm(offered())
    if not form.validate_on_submit():
        return render_template("admin/codes/new.html", form=form), 422
    return carry_out(
        lambda: make_code(form.name.data or "", form.facts(), by=actor(current_user)),
        form=form,
        again=lambda: render_template("admin/codes/new.html", form=form),
        said="It can be used from now on, as its days allow.",
        to=url_for("admin.codes"),
    )


@bp.get("/codes/<int:id>")
@right_needed("codes")
def code(id: int) -> Any:
    return _page(_get(id))


@bp.post("/codes/<int:id>")
@right_needed("codes")
def change_one_code(id: int) -> Any:
    row, form = _get(id), CodeForm(offered())
    if not form.validate_on_submit():
        return _page(row, form), 422

    def change_it() -> None:
        refuse_older(_seen(row))
        change_code(row, form.facts(), by=actor(current_user))

    said, to = "Saved. Orders keep what the code took off them.", url_for("admin.code", id=id)
    return carry_out(change_it, form=form, again=lambda: _page(_get(id), form), said=said, to=to)


@bp.post("/codes/<int:id>/end")
@right_needed("codes")
def end_one_code(id: int) -> Any:
    row = _get(id)
    end_code(row, by=actor(current_user))
    db.session.commit()
    flash(f"{row.name} has ended.", "success")
    return redirect(url_for("admin.code", id=id), 303)


def _get(code_id: int) -> DiscountCode:
    return one_or_404(select(DiscountCode).where(DiscountCode.id == code_id), "There is no such code.")


def _seen(row: DiscountCode) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACTS}


def _page(row: DiscountCode, form: CodeForm | None = None) -> str:
    if form is None:
        form = CodeForm(offered(), formdata=None)
        form.show(row)
    trail = history_of(f"code:{row.id}")
    return render_template(
        "admin/codes/code.html",
        code=row,
        form=form,
        seen=fingerprint(_seen(row)),
        state_word=state_of(row, clock.today()),
        uses=uses_of(row),
        trail=trail,
        names=names_of(entry.by for entry in trail),
        currency=current_app.config["SHOP"].currency,
    )
