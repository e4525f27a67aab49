"""What a session of each treatment takes from the shelf, typed as codes with pieces."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.catalog.models import Treatment
from shop.core.db import db, one_or_404
from shop.core.errors import Refused
from shop.core.history import actor
from shop.visits.supplying import recipes, set_recipe

LINE = re.compile(r"(\S{1,60})(?:\s+(\d{1,2}))?", re.ASCII)
LARGEST_ID = 2**53


@bp.get("/visits/recipes")
@right_needed("settings")
def visit_recipes() -> Any:
    return _page()


@bp.post("/visits/recipes/<int:id>")
@right_needed("settings")
def keep_recipe(id: int) -> Any:
    treatment = one_or_404(select(Treatment).where(Treatment.id == min(id, LARGEST_ID)), "This treatment is not here.")
    name = treatment.name
    try:
        set_recipe(treatment, _typed(), by=actor(current_user))
    except Refused as error:
        db.session.rollback()
        return _page(at=id, problem=error.sentence), error.status
    db.session.commit()
    flash(f"Saved. Each session of {name} takes this from the shelf.", "success")
    return redirect("/admin/visits/recipes", 303)


def _typed() -> list[tuple[str, int]]:
    """Raises Refused for a line that is no code with pieces."""
    found = []
    for text in request.form.get("lines", "")[:2000].splitlines():
        if not text.strip():
            continue
        line = LINE.fullmatch(text.strip())
        if line is None or line[2] == "0":
            raise Refused(f"“{text.strip()[:40]}” is not a code and a number of pieces.", field="lines")
        found.append((line[1], int(line[2] or 1)))
    return found


def _page(*, at: int = 0, problem: str = "") -> str:
    typed = request.form.get("lines", "")[:2000]
    return render_template("admin/visits/recipes.html", recipes=recipes(), at=at, problem=problem, typed=typed)
