"""Paying back a whole payment: the preview, then the act."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.orders.forms import RefundForm
from shop.admin.orders.refunds import preview, refund_whole
from shop.admin.orders.showing import get_order, sheet
from shop.admin.pages import bp
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor


@bp.get("/orders/<number>/refund")
@right_needed("refunds")
def order_refund(number: str) -> Any:
    return _page(number, RefundForm(formdata=None, cancels=True))


@bp.post("/orders/<number>/refund")
@right_needed("refunds")
def refund_order(number: str) -> Any:
    form = RefundForm()
    if not form.validate_on_submit():
        return _page(number, form), 422
    seen = request.form.get("amount_minor", "")
    try:
        refund_whole(
            get_order(number),
            seen_minor=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 13 else 0,
            cancels=form.cancels.data,
            reason=form.reason.data or "",
            cause=cause_of(f"desk:{number}"),
            by=actor(current_user),
        )
    except ShopError as error:
        db.session.rollback()
        return _page(number, form, problem=error.sentence), error.status
    db.session.commit()
    flash("The refund is on its way to Stripe. The client's bank shows it within 5 to 10 days.", "success")
    return redirect(url_for("admin.order", number=number), 303)


def _page(number: str, form: RefundForm, problem: str = "") -> str:
    shown = sheet(get_order(number), names_sessions=True)
    words = {"preview": preview(shown), "form": form, "problem": problem, "cause": cause_kept()}
    return render_template("admin/orders/refund.html", sheet=shown, **words)
