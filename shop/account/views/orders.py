"""The history of orders."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_login import current_user

from shop.account.pages import bp
from shop.account.seeing_orders import history_of

LARGEST_ID = 2**53


@bp.get("/orders")
def orders() -> Any:
    after = request.args.get("after", type=int)
    if after is not None and not 0 < after < LARGEST_ID:
        after = None
    return render_template("account/orders.html", history=history_of(current_user.client_id, after=after))
