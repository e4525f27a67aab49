"""A short signed address that leads to an order's payment page: it is what a client's telephone reads from the screen."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for

from shop.checkout.views import bp
from shop.core import clock
from shop.core.errors import NotFound
from shop.orders import placing
from shop.orders.access import GONE, number_of
from shop.payments import attempts


@bp.get("/orders/<number>/pay")
def pay_order(number: str) -> Any:
    """On to Stripe while the page is open; to the order, which says where it stands, at any other time."""
    key = request.args.get("key", "")
    order = placing.find(number) if number_of(key) == number else None
    if order is None:
        raise NotFound(GONE)
    attempt = attempts.newest_of(number)
    if order.state == "open" and attempt is not None and attempt.session_url and attempt.expires_at > clock.now():
        return redirect(attempt.session_url, 303)
    return redirect(url_for("orders.show", number=number, key=key), 303)
