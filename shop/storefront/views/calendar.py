"""A visitor says when the last session was; the day stays in the browser."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request

from shop.core.errors import Refused
from shop.core.web import site_path
from shop.storefront.pages import bp
from shop.visits.skin_days import type_day, typed_day


@bp.get("/calendar/last-session")
def last_session() -> Any:
    return _page()


@bp.post("/calendar/last-session")
def keep_last_session() -> Any:
    """`day` empty forgets it."""
    try:
        day = type_day(request.form.get("day", "")[:20])
    except Refused as refused:
        return _page(refused.sentence), refused.status
    flash("Each product now shows its days." if day else "The day is forgotten.", "success")
    return redirect(_back(), 303)


def _page(problem: str = "") -> str:
    g.private = True
    return render_template("storefront/last_session.html", typed=typed_day(), back=_back(), problem=problem)


def _back() -> str:
    return site_path(request.values.get("back"), otherwise="/products")
