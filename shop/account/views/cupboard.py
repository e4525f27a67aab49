"""What I own, and how to use it around a session."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user

from shop.account.caring import home_of
from shop.account.forms import CupboardForm
from shop.account.pages import bp
from shop.core.db import db
from shop.core.errors import NotFound, ShopError
from shop.core.web import csrf
from shop.intake import cupboards
from shop.intake.papers import LARGEST

AROUND_A_FILE = 64 * 1024


@bp.get("/cupboard")
def cupboard() -> Any:
    return _page(CupboardForm(formdata=None))


@bp.post("/cupboard")
@csrf.exempt  # protected below, once the body may be as large as a photograph
def add_to_cupboard() -> Any:
    request.max_content_length = LARGEST + AROUND_A_FILE
    csrf.protect()
    form, me = CupboardForm(), _me()
    if not form.validate():
        return _page(form), 422
    upload = request.files.get("photo")
    facts = {"name": form.name.data or "", "inci": form.inci.data or "", "step": form.step.data or ""}
    try:
        cupboards.add_typed(me, **facts, photo=upload.read(LARGEST + 1) if upload else b"")
    except ShopError as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(form), refused.status
    db.session.commit()
    flash("It is in your cupboard.", "success")
    return redirect("/account/cupboard", 303)


@bp.post("/cupboard/finished")
def finish_thing() -> Any:
    cupboards.finish(_me(), **_which())
    db.session.commit()
    flash("Taken out.", "success")
    return redirect("/account/cupboard", 303)


@bp.post("/cupboard/when")
def choose_time() -> Any:
    cupboards.choose_when(_me(), request.form.get("when", ""), **_which())
    db.session.commit()
    return redirect("/account/routine", 303)


@bp.get("/routine")
def routine() -> Any:
    return render_template("account/routine.html", home=home_of(current_user.client_id))


def _page(form: CupboardForm) -> str:
    return render_template("account/cupboard.html", form=form, home=home_of(current_user.client_id))


def _me() -> int:
    """Raises NotFound for a sign-in that stands for no client."""
    if current_user.client_id is None:
        raise NotFound("There is no cupboard here.")
    return int(current_user.client_id)


def _which() -> dict[str, int]:
    """The one thing a form speaks of. Raises NotFound."""
    for name in ("product", "item"):
        text = request.form.get(name, "")
        if text.isascii() and text.isdecimal() and len(text) < 15:
            return {f"{name}_id": int(text)}
    raise NotFound(cupboards.GONE)
