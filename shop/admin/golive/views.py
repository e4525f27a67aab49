"""The go-live page, and the one button that clears the demo away."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.golive.asking import is_ready, lines
from shop.admin.golive.clearing import WORD, clear, is_demo
from shop.admin.pages import bp
from shop.catalog import indexing
from shop.core.db import db
from shop.core.errors import Refused, ShopError
from shop.core.history import actor
from shop.core.settings import forget


@bp.get("/go-live")
@right_needed("settings")
def go_live() -> Any:
    return _page()


@bp.post("/go-live/clear")
@right_needed("demo.clear")
def clear_demo() -> Any:
    try:
        if request.form.get("word", "").strip().lower() != WORD:
            raise Refused(f"Type {WORD} to show that you mean it.", field="word")
        gone = clear(keep_offer=bool(request.form.get("keep")), staying=current_user.id, by=actor(current_user))
        indexing.rebuild()
    except ShopError as error:
        db.session.rollback()
        return _page(error.sentence), error.status
    db.session.commit()
    forget()
    for name in [name for name in current_app.extensions if name.startswith("kept:")]:
        del current_app.extensions[name]
    flash(f"The demo is gone, {gone:,} rows of it. Start the shop again before the first real payment.", "success")
    return redirect(url_for("admin.go_live"), 303)


def _page(problem: str = "") -> str:
    groups = lines()
    facts = {"ready": is_ready(groups), "demo": is_demo(), "word": WORD, "may_clear": current_user.can("demo.clear")}
    return render_template("admin/golive/page.html", groups=groups, problem=problem, **facts)
