"""What is due for an appointment, paid by whoever is signed in."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from shop.account.pages import bp
from shop.account.views.one_series import buyer
from shop.checkout.views.fees import to_payment
from shop.visits.finding import get_visit


@bp.post("/visits/<number>/fee")
def pay_fee(number: str) -> Any:
    visit = get_visit(number, client_id=current_user.client_id)
    return to_payment(visit, buyer(), back=f"/account/visits/{number}")
