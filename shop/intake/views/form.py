"""The questions before a treatment, kept as they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for

from shop.catalog.models import Treatment
from shop.core.db import db
from shop.core.texts import current_versions
from shop.intake import answering, drafting
from shop.intake.asking import Form, fill, worth_asking_again
from shop.intake.browser import subject, subject_for_writing
from shop.intake.models import ScreeningDraft
from shop.intake.pages import bp
from shop.intake.views.outcome import decision_page, next_path, treatment_of

CONSENT = "consent-health-answers"
MOST_FIELDS, LONGEST = 120, 600


@bp.get("/screening/<treatment>")
def form(treatment: str) -> Any:
    found, who = treatment_of(treatment), subject()
    standing = answering.standings(who, [treatment])[treatment]
    if standing.decision != "unanswered" and not request.args.get("again"):
        return decision_page(found, standing)
    draft = drafting.find(subject(), treatment)
    given, since = _known_already(treatment, draft)
    return _page(found, fill(treatment, given, is_sent=False), since=since, has_consent=draft is not None)


@bp.post("/screening/<treatment>")
def answer(treatment: str) -> Any:
    found, typed = treatment_of(treatment), _typed()
    filled = fill(treatment, typed, is_sent=True)
    has_consent = request.form.get("consent") == "y"
    if request.form.get("later") and has_consent:
        return _keep_for_later(treatment, filled)
    if not filled.is_complete or not has_consent:
        if has_consent:
            drafting.keep(subject_for_writing(), treatment, filled.answers)
            db.session.commit()
        db.session.rollback()
        return _page(found, filled, consent_problem=not has_consent, has_consent=has_consent), 422
    version = current_versions(CONSENT).get(CONSENT, 0)
    answering.save(subject_for_writing(), treatment, filled.answers, consent_version=version)
    standing = answering.standings(subject(), [treatment])[treatment]
    db.session.commit()
    if standing.is_payable:
        flash("Thank you. Nothing in your answers speaks against it.", "success")
        return redirect(next_path(), 303)
    return redirect(url_for("intake.form", treatment=treatment, next=next_path()), 303)


@bp.post("/screening/<treatment>/draft")
def keep_draft(treatment: str) -> Any:
    """What the page's script sends after each answer; without consent nothing is kept."""
    treatment_of(treatment)
    filled = fill(treatment, _typed(), is_sent=False)
    if request.form.get("consent") != "y":
        db.session.rollback()
        return jsonify(error="Tick first that we may keep your answers."), 422
    drafting.keep(subject_for_writing(), treatment, filled.answers)
    db.session.commit()
    return jsonify(open=filled.keys, missing=filled.missing)


def _keep_for_later(treatment: str, filled: Form) -> Any:
    drafting.keep(subject_for_writing(), treatment, filled.answers)
    db.session.commit()
    flash("Kept for thirty days. Come back to this page whenever it suits you.", "success")
    return redirect(url_for("intake.form", treatment=treatment, next=next_path()), 303)


def _known_already(treatment: str, draft: ScreeningDraft | None) -> tuple[Mapping[str, str], Any]:
    """(what stands in the form, since when): the draft, else of earlier answers what does not change from week to week."""
    if draft is not None:
        return draft.answers, draft.saved_at
    before = answering.newest(subject(), treatment)
    return (worth_asking_again(before.answers), before.made_at) if before is not None else ({}, None)


def _typed() -> dict[str, str]:
    return {key: value[:LONGEST] for key, value in list(request.form.items())[:MOST_FIELDS]}


def _page(
    treatment: Treatment, filled: Form, *, consent_problem: bool = False, has_consent: bool = False, since: Any = None
) -> str:
    facts = {"form": filled, "consent_problem": consent_problem, "has_consent": has_consent, "since": since}
    return render_template("intake/screening.html", treatment=treatment, next_path=next_path(), **facts)
