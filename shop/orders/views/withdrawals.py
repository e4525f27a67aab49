"""Calling off: a page with the exact amount and why, a button that confirms, a receipt with date and time."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.core.db import db, one_or_404
from shop.core.errors import Refused, ShopError
from shop.core.history import actor
from shop.orders.access import get_order
from shop.orders.forms import WithdrawForm
from shop.orders.models import Order, Withdrawal
from shop.orders.pages import bp
from shop.orders.receipts import receipt
from shop.orders.showing_withdrawals import shown_prospect
from shop.orders.withdrawing import withdraw


@bp.get("/orders/<number>/withdraw")
def withdraw_page(number: str) -> Any:
    order = get_order(number, client_id=current_user.client_id)
    what = request.args.getlist("what") if "chosen" in request.args else None
    return _page(order, what, WithdrawForm.new())


@bp.post("/orders/<number>/withdraw")
def confirm_withdrawal(number: str) -> Any:
    order = get_order(number, client_id=current_user.client_id)
    form = WithdrawForm()
    what = request.form.getlist("what")
    try:
        if not form.validate():
            raise Refused("This page is not complete any more. Look at it once more, please.")
        cause = f"withdraw:{number}:{form.cause.data}"
        done = withdraw(order, what=what, by=actor(current_user), cause=cause, seen_minor=form.seen.data)
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(get_order(number, client_id=current_user.client_id), what or None, form), error.status
    db.session.commit()
    return redirect(url_for("orders.withdrawn", number=number, code=done.code), 303)


@bp.get("/orders/<number>/withdrawn/<code>")
def withdrawn(number: str, code: str) -> Any:
    order = get_order(number, client_id=current_user.client_id)
    mine = select(Withdrawal).where(Withdrawal.order_id == order.id, Withdrawal.code == code)
    done = one_or_404(mine, "This receipt is not here.")
    return render_template("orders/withdrawn.html", number=number, email=order.email, receipt=receipt(order, done))


def _page(order: Order, what: list[str] | None, form: WithdrawForm) -> str:
    """The amount that is shown travels with the form, so that no other one is confirmed."""
    prospect = shown_prospect(order, what)
    form.seen.data = form.seen.raw_data = None
    form.seen.data = prospect.total_minor
    return render_template("orders/withdraw.html", order=prospect, form=form)
