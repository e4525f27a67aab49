"""The first page: what is next, what is left, what was bought last."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user

from shop.account.pages import bp
from shop.account.seeing_orders import history_of
from shop.account.seeing_sessions import series_of
from shop.account.what_is_next import next_steps
from shop.accounts.claiming import guests_at
from shop.core.settings import setting
from shop.plans.reading import newest_plan
from shop.visits.finding import next_visit

ORDERS_LOOKED_AT = 5


@bp.get("")
def overview() -> Any:
    series = [one for one in series_of(current_user.client_id) if not one.is_over]
    orders = history_of(current_user.client_id, limit=ORDERS_LOOKED_AT).orders
    coming = {"appointment": next_visit(current_user.client_id), "phone": setting("clinic.phone")}
    steps = next_steps(series, orders=orders, plan=newest_plan(current_user.client_id), **coming)
    facts = {"series": series, "steps": steps, "last": orders[0] if orders else None}
    return render_template("account/overview.html", has_guests=bool(guests_at(current_user.email)), **facts)
