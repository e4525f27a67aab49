"""What the answers decided, and what can be done about it: bring a letter, be reminded, ask for a person, take it all back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.catalog.models import Treatment
from shop.core.db import db, one_or_404
from shop.core.errors import NotFound, Refused
from shop.core.history import actor
from shop.core.web import csrf, site_path
from shop.intake import answering, papers, reviewing, withdrawing
from shop.intake.answering import Standing
from shop.intake.browser import subject
from shop.intake.forms import ContactForm
from shop.intake.models import Screening
from shop.intake.pages import bp
from shop.intake.papers import LARGEST

GONE = "There are no answers here to go on with. Please answer first."
AROUND_A_FILE = 64 * 1024  # the parts of a form that surround the file


@bp.post("/screening/<treatment>/again")
def look_again(treatment: str) -> Any:
    found = treatment_of(treatment)
    contact = _contact()
    if contact is None:
        return _problem(found, "Please leave an e-mail address, so that a person can answer you."), 422
    reviewing.ask_again(subject(), treatment, contact=contact)
    db.session.commit()
    flash("A person looks at it today or on the next working day, and writes to you.", "success")
    return _back(treatment)


@bp.post("/screening/<treatment>/remind")
def remind(treatment: str) -> Any:
    """A guest leaves an address; a client's is known already."""
    found, screening, contact = treatment_of(treatment), _newest(treatment), _contact()
    if contact is None:
        return _problem(found, "Please type an e-mail address, for example name@example.com."), 422
    screening.contact = contact or screening.contact
    db.session.commit()
    flash("We write to you on that day, once.", "success")
    return _back(treatment)


@bp.post("/screening/<treatment>/letter")
@csrf.exempt  # protected below, once the body may be as large as a letter
def bring_letter(treatment: str) -> Any:
    request.max_content_length = LARGEST + AROUND_A_FILE
    csrf.protect()
    found, screening = treatment_of(treatment), _newest(treatment)
    upload = request.files.get("file")
    raw = upload.read(LARGEST + 1) if upload else b""
    try:
        papers.keep(raw, purpose="letter", client_id=screening.client_id, screening_id=screening.id)
    except Refused as refused:
        db.session.rollback()
        return _problem(found, refused.sentence), 422
    reviewing.letter_came(screening)
    db.session.commit()
    flash("Your letter is here, sealed. A person reads it and writes to you.", "success")
    return _back(treatment)


@bp.post("/screening/<treatment>/withdraw")
def withdraw(treatment: str) -> Any:
    treatment_of(treatment)
    withdrawing.withdraw(subject(), by=actor(current_user))
    db.session.commit()
    flash("Your answers are gone. Nothing is kept of what you told us.", "success")
    return redirect(next_path() if next_path() != "/checkout" else "/bag", 303)


def decision_page(treatment: Treatment, standing: Standing, *, problem: str = "") -> str:
    screening = db.session.get_one(Screening, standing.screening_id) if standing.screening_id else None
    facts = {
        "letters": papers.letters_of(screening.id) if screening else [],
        "contact": (screening.contact or "") if screening else "",
        "is_guest": not current_user.is_authenticated,
        "has_asked": bool(screening and screening.asked_again_at),
        "problem": problem,
    }
    page = {"treatment": treatment, "standing": standing, "next_path": next_path()}
    return render_template("intake/decision.html", form=ContactForm(formdata=None), **page, **facts)


def treatment_of(slug: str) -> Treatment:
    return one_or_404(select(Treatment).where(Treatment.slug == slug))


def next_path() -> str:
    return site_path(request.values.get("next"), otherwise="/checkout")


def _contact() -> str | None:
    """The address a guest left; "" where the client's is known; None where one is missing."""
    if current_user.is_authenticated:
        return ""
    form = ContactForm()
    return str(form.email.data) if form.validate() else None


def _newest(treatment: str) -> Screening:
    """Raises NotFound where nobody has answered."""
    screening = answering.newest(subject(), treatment)
    if screening is None:
        raise NotFound(GONE)
    return screening


def _problem(treatment: Treatment, sentence: str) -> str:
    db.session.rollback()
    standing = answering.standings(subject(), [treatment.slug])[treatment.slug]
    return decision_page(treatment, standing, problem=sentence)


def _back(treatment: str) -> Any:
    return redirect(url_for("intake.form", treatment=treatment, next=next_path()), 303)
