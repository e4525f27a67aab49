"""One's own appointments: the list, and one of them."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.core.db import db
from shop.visits.finding import get_visit
from shop.visits.links import feed_link, find_feed
from shop.visits.models import Visit
from shop.visits.pages import bp
from shop.visits.showing import diary_of, shown_of
from shop.visits.wishing import waiting


@bp.get("/account/visits")
def visits() -> Any:
    feed = find_feed(current_user.client_id)
    return render_template(
        "visits/visits.html",
        diary=diary_of(current_user.client_id),
        wishes=waiting(current_user.client_id) if current_user.client_id else [],
        feed_address=feed_link(feed) if feed else "",
    )


@bp.get("/account/visits/<number>")
def visit(number: str) -> Any:
    """A moved appointment leads to where it is now."""
    found = get_visit(number, client_id=current_user.client_id)
    if found.state == "moved":
        newest = select(Visit.number).where(Visit.uid == found.uid).order_by(Visit.sequence.desc()).limit(1)
        return redirect(url_for("visits.visit", number=db.session.scalar(newest)), 303)
    return render_template("visits/visit.html", one=shown_of(found))
