"""The client says whether something else may go in the place of what is missing."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user

from shop.core.db import db
from shop.core.errors import Refused, ShopError
from shop.orders.access import get_order
from shop.orders.instead import answer
from shop.orders.pages import bp

LARGEST_ID = 2**53
SAID = {
    "yes": "Thank you. It is packed with the rest of your order.",
    "no": "Thank you. What you ordered waits for you.",
    "gone": "It is not on our shelf any more. What you ordered waits for you, and we write to you.",
}


@bp.post("/orders/<number>/instead/<int:id>")
def answer_instead(number: str, id: int) -> Any:
    order, said = get_order(number, client_id=current_user.client_id), request.form.get("answer", "")
    try:
        if said not in ("yes", "no"):
            raise Refused("Please press yes or no.")
        state = answer(order, min(id, LARGEST_ID), yes=said == "yes", by="client")
    except ShopError as error:
        db.session.rollback()
        if error.status == 404:
            raise
        flash(error.sentence, "error")
    else:
        db.session.commit()
        flash(SAID[state], "success")
    return redirect(url_for("orders.show", number=number), 303)
