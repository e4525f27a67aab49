"""One's own answers: seen, changed, taken back; allergies named; consents signed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user
from sqlalchemy import select

from shop.account.forms import SignConsentForm
from shop.account.pages import bp
from shop.account.telling import health_of, said_in
from shop.core.db import db, one_or_404
from shop.core.errors import NotFound, ShopError
from shop.core.history import actor
from shop.intake import consenting, facts, withdrawing
from shop.intake.models import Screening
from shop.intake.subjects import Subject

LARGEST_ID = 2**53
LONGEST = 4000


@bp.get("/privacy/answers/<int:id>")
def own_answers(id: int) -> Any:
    mine = (Screening.client_id == current_user.client_id, Screening.withdrawn_at.is_(None))
    screening = one_or_404(select(Screening).where(Screening.id == min(id, LARGEST_ID), *mine))
    return render_template("account/answers.html", screening=screening, said=said_in(screening))


@bp.post("/privacy/answers/withdraw")
def withdraw_answers() -> Any:
    if not request.form.get("sure"):
        flash("Tick first that you want to take your answers back.", "error")
        return redirect("/account/privacy#answers", 303)
    withdrawing.withdraw(_me(), by=actor(current_user))
    db.session.commit()
    flash(
        "Your answers, letters and allergies are erased. Without them nobody treats you; a person calls about your sessions."
    )
    return redirect("/account/privacy", 303)


@bp.post("/privacy/allergies")
def change_allergies() -> Any:
    """One line for each; what is left out is taken away."""
    typed = request.form.get("allergies", "")[:LONGEST].replace(",", "\n").splitlines()
    try:
        now = facts.change_allergies(_me(), typed, by=actor(current_user))
    except ShopError as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return redirect("/account/privacy#avoid", 303)
    db.session.commit()
    flash(_kept(now.not_understood), "success")
    return redirect("/account/privacy#avoid", 303)


@bp.get("/consents/<about>")
def consent(about: str) -> Any:
    return _page(about, SignConsentForm(formdata=None))


@bp.post("/consents/<about>")
def sign_consent(about: str) -> Any:
    form, me = SignConsentForm(), _me()
    _refuse_unasked(about)
    if not form.validate_on_submit():
        return _page(about, form), 422
    typed = request.form.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0
    try:
        consenting.sign(me.client_id or 0, about, version=version, name=form.signed_name.data or "", by=actor(current_user))
    except ShopError as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(about, form), refused.status
    db.session.commit()
    flash("Signed. You find it under your data.", "success")
    return redirect("/account/privacy#consents", 303)


def _page(about: str, form: SignConsentForm) -> str:
    open_ones = _refuse_unasked(about)
    one = consenting.kinds_for([about])[about]
    text = consenting.text_of(one)
    return render_template("account/consent.html", about=about, name=open_ones[about], one=one, text=text, form=form)


def _refuse_unasked(about: str) -> dict[str, str]:
    """What waits for a signature. Raises NotFound where this is not among it."""
    open_ones = dict(health_of(current_user.client_id).to_sign)
    if about not in open_ones:
        raise NotFound("There is nothing to sign here.")
    return open_ones


def _me() -> Subject:
    """Raises NotFound for a sign-in that stands for no client."""
    if current_user.client_id is None:
        raise NotFound("That page is not here.")
    return Subject(client_id=current_user.client_id)


def _kept(unknown: tuple[str, ...]) -> str:
    if not unknown:
        return "Kept, sealed. Every product page and your cupboard look out for it."
    return f"Kept, sealed. We do not know {', '.join(unknown)} by that name, so products say “not assessed” until a person has looked."
