"""My results diary: add a picture or a word, put two side by side, say who may see which, take one out."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request
from flask_login import current_user

from shop.account.pages import bp
from shop.account.writing_diary import AROUND_A_FILE, chosen, picture, typed_entry
from shop.core import clock
from shop.core.db import db
from shop.core.errors import NotFound, ShopError
from shop.core.web import csrf
from shop.intake import diary
from shop.intake.papers import LARGEST
from shop.visits.diary import diary_of

PATH = "/account/diary"


@bp.get("/diary")
def my_diary() -> Any:
    return _page()


@bp.post("/diary")
@csrf.exempt  # protected below, once the body may be as large as a photograph
def write_diary() -> Any:
    request.max_content_length = LARGEST + AROUND_A_FILE
    csrf.protect()
    client_id, by = _me(), f"client:{current_user.client_id}"
    try:
        diary.write_entry(client_id, by=by, **typed_entry())
    except ShopError as refused:
        db.session.rollback()
        return _page(refused), refused.status
    db.session.commit()
    flash("It is in your diary.", "success")
    return redirect(PATH, 303)


@bp.get("/diary/<int:id>/picture")
def my_picture(id: int) -> Response:
    return picture(diary.get_entry(id, client_id=current_user.client_id))


@bp.post("/diary/<int:id>/purposes")
def allow_purposes(id: int) -> Any:
    """What is ticked holds from now on, what is not does not."""
    entry, by = diary.get_entry(id, client_id=_me()), f"client:{current_user.client_id}"
    ticked = set(request.form.getlist("purpose")) & set(diary.PURPOSES)
    for purpose in diary.PURPOSES if entry.photo_id is not None else diary.OF_WORDS:
        (diary.allow if purpose in ticked else diary.take_back)(entry, purpose, by=by)
    db.session.commit()
    flash("Saved. It holds from this moment.", "success")
    return redirect(PATH, 303)


@bp.post("/diary/<int:id>/remove")
def remove_from_diary(id: int) -> Any:
    diary.take_out(diary.get_entry(id, client_id=_me()), by=f"client:{current_user.client_id}")
    db.session.commit()
    flash("Taken out, with its picture.", "success")
    return redirect(PATH, 303)


def _page(problem: ShopError | None = None) -> str:
    client_id = current_user.client_id or 0
    return render_template(
        "account/diary.html",
        diary=diary_of(client_id, left=chosen("left"), right=chosen("right")),
        wording=diary.wording(),
        words=diary.PURPOSE_WORDS,
        of_words=diary.OF_WORDS,
        adherences=diary.ADHERENCE,
        today=clock.today(),
        problem=problem,
        typed={name: request.form.get(name, "")[:600] for name in ("day", "adherence", "words")},
        ticked=set(request.form.getlist("purpose")) if problem else set(),
    )


def _me() -> int:
    """Raises NotFound for a sign-in that stands for no client."""
    if current_user.client_id is None:
        raise NotFound("There is no diary here.")
    return int(current_user.client_id)
