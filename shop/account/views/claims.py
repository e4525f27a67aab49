"""Adding what was bought as a guest: by a link to the confirmed address, or by the signed link of an order."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_login import current_user

from shop.account.pages import bp
from shop.accounts import browser, slowing
from shop.accounts.claiming import ask_to_claim, claim_client, guests_at
from shop.accounts.models import User
from shop.core.db import db
from shop.core.errors import Conflict
from shop.orders.access import get_order


@bp.post("/claims")
def ask_claim() -> Any:
    """The same answer whether there is something to claim or not: the e-mail goes to the person's own address."""
    slowing.slow_mailing(current_user.email, browser.address())
    if guests_at(current_user.email):
        ask_to_claim(db.session.get_one(User, current_user.id))
        db.session.commit()
    flash(f"Look in your inbox: the link we sent to {current_user.email} adds earlier purchases to your account.")
    return redirect(url_for("account.overview"), code=303)


@bp.post("/orders/<number>/claim")
def claim_order(number: str) -> Any:
    """Whoever opened the signed link of a guest's order in this browser may keep it. Raises NotFound and Conflict."""
    order = get_order(number, client_id=current_user.client_id)
    if order.client_id is None:
        raise Conflict("This order is still being filed. Please try again in a minute.")
    claim_client(order.client_id, user=db.session.get_one(User, current_user.id), by=f"user:{current_user.id}")
    db.session.commit()
    flash("The order is in your account now.")
    return redirect(url_for("account.orders"), code=303)
