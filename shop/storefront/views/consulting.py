"""Asking for a consultation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import g, redirect, render_template, request

from shop.catalog.finding import team, treatments_with_prices
from shop.catalog.models import TeamMember
from shop.core.db import db
from shop.core.limits import hit
from shop.core.settings import setting
from shop.storefront.faces import Face, face_of
from shop.storefront.forms import ConsultationForm
from shop.storefront.pages import bp
from shop.storefront.requesting import request_consultation
from shop.visits.choosing import consultation_price

A_FEW, PER = 6, timedelta(hours=1)
LONGEST_SLUG = 80
HINTS = {
    "phone": "Only if you would rather be called.",
    "treatment": "Kept sealed, and only consultants can read it. Please write nothing about your health here.",
}


@bp.get("/consultation")
def consultation() -> Any:
    form = ConsultationForm(_treatments())
    form.treatment.data = request.args.get("treatment", "")
    return _page(form)


@bp.post("/consultation")
def ask_for_consultation() -> Any:
    hit("consultation", request.remote_addr or "", allowed=A_FEW, per=PER)
    g.private = True
    form = ConsultationForm(_treatments())
    if not form.validate_on_submit():
        return _page(form), 422
    about = {"treatment": form.treatment.data, "concern": _slug("concern"), "with": _slug("with")}
    same = {"name": form.name.data, "email": form.email.data, "phone": form.phone.data or ""}
    request_consultation("visit", **same, wanted_when=form.when.data, about=about)
    db.session.commit()
    return redirect("/consultation/asked", 303)


@bp.get("/consultation/asked")
def asked() -> Any:
    return render_template("storefront/consultation_asked.html")


def _price_words() -> str:
    fee = setting("visits.consultation_fee_minor")
    return f"It costs {consultation_price()}." if fee else "It costs nothing and commits you to nothing."


def _page(form: ConsultationForm) -> str:
    return render_template(
        "storefront/consultation.html",
        form=form,
        hints=HINTS,
        price_words=_price_words(),
        person=_person(),
        keep=[(name, value) for name in ("concern", "with") if (value := _slug(name))],
    )


def _person() -> Face | None:
    """Whom the visitor came from, else a consultant."""
    wanted = _slug("with")
    people = team()
    named = [person for person in people if person.slug == wanted]
    consultants = [person for person in people if "consultant" in person.role.lower()]
    found: TeamMember | None = next(iter([*named, *consultants]), None)
    return face_of(found) if found else None


def _treatments() -> list[tuple[str, str]]:
    return [(row.slug, row.name) for row in treatments_with_prices()]


def _slug(name: str) -> str:
    text = request.values.get(name, "")
    return text if len(text) <= LONGEST_SLUG and text.replace("-", "").isalnum() else ""
