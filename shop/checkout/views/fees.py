"""What is due for an appointment is paid on Stripe's page, by the link of an e-mail or signed in (see `account`)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, session

from shop.accounts.models import Client
from shop.checkout.buyers import buyer_of
from shop.checkout.consultation_fee import prepare_fee
from shop.checkout.paying import open_page
from shop.checkout.preparing import Buyer
from shop.checkout.views import bp
from shop.core.db import db
from shop.core.errors import ShopError
from shop.payments.errors import PaymentProblem
from shop.visits.links import get_by_token
from shop.visits.models import Visit


@bp.post("/appointments/<token>/fee")
def pay_fee_by_link(token: str) -> Any:
    visit = get_by_token(token)
    return to_payment(visit, buyer_of(db.session.get_one(Client, visit.client_id)), back=f"/appointments/{token}")


def to_payment(visit: Visit, buyer: Buyer, *, back: str) -> Any:
    """On to the payment page; back to the appointment with a sentence where nothing is due or Stripe does not answer."""
    try:
        order, intent = prepare_fee(visit, buyer)
        paying = order.number
        db.session.commit()
        assert intent is not None, "a fee is never nothing"
        page = open_page(intent)
        db.session.commit()
    except (ShopError, PaymentProblem) as error:
        db.session.rollback()
        flash(getattr(error, "sentence", str(error)), "error")
        return redirect(back, 303)
    session["paying"], session["page"] = paying, page.id
    return redirect(page.url or back, 303)
