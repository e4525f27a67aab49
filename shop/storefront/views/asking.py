"""Three questions, an answer at once, or the answers to a consultant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, g, redirect, render_template, request

from shop.catalog.finding import get_concern
from shop.catalog.menu import menu_concerns
from shop.core.db import db
from shop.core.limits import hit
from shop.core.money import money
from shop.storefront.asking import Answer, answer
from shop.storefront.forms import AskForm, SendForm
from shop.storefront.money_words import currency
from shop.storefront.pages import bp
from shop.storefront.requesting import request_consultation

ANSWERS = ("concern", "skin", "avoid", "have")
A_FEW, PER = 6, timedelta(hours=1)


@bp.get("/ask")
def ask() -> Any:
    form = _form(request.args)
    if not set(request.args) & set(ANSWERS):
        return render_template("storefront/ask.html", form=form, concerns=menu_concerns())
    if not form.validate():
        return render_template("storefront/ask.html", form=form, concerns=menu_concerns())
    return _answered(form, SendForm(formdata=None)), 200


@bp.post("/ask")
def send_answers() -> Any:
    """To a consultant; only now is anything kept."""
    hit("consultation", request.remote_addr or "", allowed=A_FEW, per=PER)
    g.private = True
    form, asked = SendForm(), _form(request.form)
    if not asked.validate():
        return render_template("storefront/ask.html", form=asked, concerns=menu_concerns()), 422
    if not form.validate_on_submit():
        return _answered(asked, form), 422
    about = {name: asked[name].data for name in ANSWERS} | {"message": form.message.data or ""}
    request_consultation("answers", name=form.name.data, email=form.email.data, about=about)
    db.session.commit()
    flash("Your answers are with a consultant. You hear back within one working day.", "success")
    return redirect("/ask", 303)


def _form(given: Any) -> AskForm:
    return AskForm([(row.slug, row.name) for row in menu_concerns()], formdata=given)


def _answered(asked: AskForm, form: SendForm) -> str:
    concern = get_concern(asked.concern.data)
    skin = asked.skin.data if asked.skin.data != "unsure" else None
    given: dict[str, Any] = {"skin": skin, "avoid": asked.avoid.data or [], "have": asked.have.data or []}
    found = answer(concern, **given, currency=currency())
    return render_template(
        "storefront/ask_answer.html",
        form=form,
        said=_said(asked),
        headline="A short series, and a few things at home" if found.packages else "A few things at home",
        reason=concern.blurb,
        treatment_reason=found.treatments[0].intro if found.treatments else "",
        packages=found.packages,
        routine=found.routine,
        routine_words=_routine_words(found),
        left_out=found.left_out,
        hidden=[(name, value) for name in ANSWERS for value in _values(asked[name].data)],
    )


def _said(asked: AskForm) -> list[str]:
    fields = (asked.concern, asked.skin, asked.avoid, asked.have)
    words = [[choice.label for choice in field.choices if choice.value in _values(field.data)] for field in fields]
    told = [words[0], [label.partition(":")[0] for label in words[1]], words[2], words[3]]
    named = [*told[0], *(f"{label} skin" if label != "I am not sure" else "Skin type unsure" for label in told[1])]
    named += [f"No {label.lower()}" for label in told[2]]
    return named + [f"Own {label.lower()}" for label in told[3]]


def _routine_words(found: Answer) -> str:
    if not found.routine:
        return "Nothing to buy: what you have serves, or nothing on our shelf suits."
    total = sum(row.card.price_minor for row in found.routine)
    n = len(found.routine)
    return f"{n} product{'' if n == 1 else 's'}, {money(total, currency())} in all. Nothing of it is a must."


def _values(data: Any) -> list[str]:
    return data if isinstance(data, list) else [data] if data else []
