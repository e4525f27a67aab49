"""One set of answers: a reason is given, the reading is logged, and only then something is shown."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.models import Client
from shop.accounts.rights import right_needed
from shop.admin.answers.forms import ReviewForm
from shop.admin.answers.showing import opened
from shop.admin.pages import bp
from shop.core.db import db, one_or_404
from shop.core.errors import Refused, ShopError
from shop.core.history import actor
from shop.intake import papers, reviewing
from shop.intake.models import Screening, SealedFile
from shop.intake.reading import WHYS, log_reading, read_screening
from shop.intake.standing import standing_of

LARGEST_ID = 2**53
ONLY_LEAD = "Only the medical lead lets pass what the rules refuse or ask to wait for."


@bp.get("/answers/<int:id>")
@right_needed("health")
def answers_of(id: int) -> Any:
    why = request.args.get("why", "")
    if why not in WHYS:
        _get(id)
        return render_template("admin/answers/why.html", whys=WHYS, path=url_for("admin.answers_of", id=id))
    screening = read_screening(min(id, LARGEST_ID), by=actor(current_user), why=why)
    return _page(screening, _form(), why)


@bp.post("/answers/<int:id>")
@right_needed("health")
def review_answers(id: int) -> Any:
    screening, form, why = _get(id), _form(), request.form.get("why", "")
    if not form.validate_on_submit():
        return _refused(id, why, "Choose one and write why.")
    act = reviewing.let_pass if form.verdict.data == "pass" else reviewing.let_stand
    try:
        if (
            form.verdict.data == "pass"
            and standing_of(screening).decision in ("no", "wait")
            and not current_user.can("rules")
        ):
            raise Refused(ONLY_LEAD)
        act(screening, note=form.note.data or "", by=actor(current_user))
    except ShopError as refused:
        return _refused(id, why, refused.sentence)
    db.session.commit()
    flash("Written down. The person hears that somebody has looked.", "success")
    return redirect(url_for("admin.answers"), 303)


@bp.get("/answers/files/<token>")
@right_needed("health")
def answer_file(token: str) -> Any:
    """A letter or a photograph, as a file to be saved and never as a page."""
    file = one_or_404(select(SealedFile).where(SealedFile.name == token), "This file is not here any more.")
    log_reading(by=actor(current_user), client_id=file.client_id, subject=f"file:{file.id}", why="letter")
    opened_file = papers.opened(token)
    name = f"{file.purpose}-{file.id}.{papers.KINDS[file.media_type]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox"}
    return Response(opened_file.content, mimetype=file.media_type, headers=headers)


def _get(id: int) -> Screening:
    wanted = select(Screening).where(Screening.id == min(id, LARGEST_ID), Screening.withdrawn_at.is_(None))
    return one_or_404(wanted, "These answers are not here any more.")


def _form() -> ReviewForm:
    form = ReviewForm() if request.method == "POST" else ReviewForm(formdata=None)
    form.verdict.choices = [("pass", "The treatment may begin"), ("stands", "The answer stands")]
    return form


def _refused(id: int, why: str, sentence: str) -> Any:
    db.session.rollback()
    flash(sentence, "error")
    return redirect(url_for("admin.answers_of", id=id, why=why if why in WHYS else None), 303)


def _page(screening: Screening, form: ReviewForm, why: str) -> str:
    client = db.session.get(Client, screening.client_id) if screening.client_id is not None else None
    return render_template(
        "admin/answers/one.html",
        screening=screening,
        client=client,
        opened=opened(screening),
        standing=standing_of(screening),
        letters=papers.letters_of(screening.id),
        form=form,
        why=why,
    )
