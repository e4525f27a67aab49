"""Another lot for a line of an order: the one that was scanned, or that is not set aside."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_of
from shop.admin.orders.showing import get_order
from shop.admin.orders.views.desk import refused
from shop.admin.pages import bp
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor
from shop.orders.reallocating import take_from


@bp.post("/orders/<number>/lines/<int:line_id>/lot")
@right_needed("fulfilment")
def order_lot(number: str, line_id: int) -> Any:
    lot = request.form.get("lot", "").strip()[:40].replace("\0", "")
    try:
        take_from(get_order(number), min(line_id, 2**53), lot, cause=cause_of(f"lot:{line_id}"), by=actor(current_user))
    except ShopError as error:
        return refused(number, error)
    db.session.commit()
    flash(f"Taken from lot {lot}.", "success")
    return redirect(url_for("admin.order", number=number), 303)
