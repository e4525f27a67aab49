"""A list of orders with its filters is kept under a name, for the person who keeps it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import delete, func, select

from shop.accounts.rights import right_needed
from shop.admin.orders.saved_models import SavedFilter
from shop.admin.pages import bp
from shop.core.db import changed, db

NAMES = ("q", "state", "fulfilment", "payment", "delivery", "since")
MOST = 12
LARGEST_ID = 2**53


def saved_filters() -> list[tuple[int, str, str]]:
    """(id, name, address) of the reader's own lists."""
    mine = select(SavedFilter).where(SavedFilter.user_id == current_user.id).order_by(SavedFilter.name)
    return [(row.id, row.name, url_for("admin.orders", **row.wanted)) for row in db.session.scalars(mine)]


@bp.post("/orders/filters")
@right_needed("orders")
def save_filter() -> Any:
    name = " ".join(request.form.get("name", "").replace("\0", "").split())[:40]
    wanted: dict[str, Any] = {key: request.form[key][:120].replace("\0", "") for key in NAMES if request.form.get(key)}
    mine = SavedFilter.user_id == current_user.id
    count = db.session.scalar(select(func.count(SavedFilter.id)).where(mine)) or 0
    if not name or not wanted or count >= MOST:
        flash(
            "Give the list a name, and choose at least one filter first." if count < MOST else "Remove one first.", "error"
        )
        return redirect(url_for("admin.orders", **wanted), 303)
    changed(delete(SavedFilter).where(mine, SavedFilter.name == name))
    db.session.add(SavedFilter(user_id=current_user.id, name=name, wanted=wanted))
    db.session.commit()
    flash(f"Kept as “{name}”.", "success")
    return redirect(url_for("admin.orders", **wanted), 303)


@bp.post("/orders/filters/<int:id>/remove")
@right_needed("orders")
def remove_filter(id: int) -> Any:
    own = SavedFilter.id == min(id, LARGEST_ID), SavedFilter.user_id == current_user.id
    changed(delete(SavedFilter).where(*own))
    db.session.commit()
    return redirect(url_for("admin.orders"), 303)
