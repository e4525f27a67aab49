"""The fee of a consultation is paid ahead, on Stripe's page like anything else."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, session
from flask_login import current_user

from shop.account.pages import bp
from shop.account.views.one_series import buyer
from shop.checkout.consultation_fee import prepare_fee
from shop.checkout.paying import open_page
from shop.core.db import db
from shop.core.errors import ShopError
from shop.payments.errors import PaymentProblem
from shop.visits.finding import get_visit


@bp.post("/visits/<number>/fee")
def pay_fee(number: str) -> Any:
    visit, here = get_visit(number, client_id=current_user.client_id), f"/account/visits/{number}"
    try:
        order, intent = prepare_fee(visit, buyer())
        paying = order.number
        db.session.commit()
        assert intent is not None, "a fee is never nothing"
        page = open_page(intent)
        db.session.commit()
    except (ShopError, PaymentProblem) as error:
        db.session.rollback()
        flash(getattr(error, "sentence", str(error)), "error")
        return redirect(here, 303)
    session["paying"], session["page"] = paying, page.id
    return redirect(page.url or here, 303)
