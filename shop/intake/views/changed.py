"""Has anything changed? One page behind a signed link, answered in half a minute without signing in."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from shop.core.db import db
from shop.core.texts import current_versions
from shop.intake import changes
from shop.intake.asking import SOON, Form, fill
from shop.intake.models import ChangeCheck
from shop.intake.pages import bp

CONSENT = "consent-health-answers"
MOST_FIELDS, LONGEST = 120, 600


@bp.get("/changed/<token>")
def changed(token: str) -> Any:
    check = changes.get_by_token(token)
    if check.answered_at is not None:
        return render_template("intake/change_kept.html", standing=None, treatment=check.treatment)
    return _page(check, token, _filled(check, {}, is_sent=False))


@bp.post("/changed/<token>")
def say_changed(token: str) -> Any:
    check = changes.get_by_token(token)
    if request.form.get("nothing") and changes.basis_of(check) is not None:
        standing = changes.nothing_changed(check)
    else:
        typed = {key: value[:LONGEST] for key, value in list(request.form.items())[:MOST_FIELDS]}
        filled = _filled(check, typed, is_sent=True)
        lacks_consent = changes.basis_of(check) is None and request.form.get("consent") != "y"
        if not filled.is_complete or lacks_consent:
            db.session.rollback()
            return _page(changes.get_by_token(token), token, filled, consent_problem=lacks_consent), 422
        version = current_versions(CONSENT).get(CONSENT, 0)
        standing = changes.changed_to(check, filled.answers, consent_version=version)
    db.session.commit()
    return render_template("intake/change_kept.html", standing=standing, treatment=check.treatment)


def _filled(check: ChangeCheck, typed: dict[str, str], *, is_sent: bool) -> Form:
    return fill(check.treatment, typed, is_sent=is_sent, only=SOON if changes.basis_of(check) is not None else None)


def _page(check: ChangeCheck, token: str, filled: Form, *, consent_problem: bool = False) -> str:
    has_basis = changes.basis_of(check) is not None
    facts = {"check": check, "token": token, "has_basis": has_basis, "consent_problem": consent_problem}
    return render_template("intake/changed.html", form=filled, **facts)
