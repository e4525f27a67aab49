"""The first page of the desks."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.attention.listing import kind_word, open_entries
from shop.admin.orders.words import fulfilment_word
from shop.admin.pages import bp
from shop.admin.today.figures import figures, spans
from shop.orders.finding import Wanted, find_orders

SHOWN = 8


@bp.get("")
@right_needed("desk")
def today() -> Any:
    entries = open_entries(limit=SHOWN).rows if current_user.can("attention") else []
    waiting = (
        find_orders(Wanted(fulfilment="to-send"), limit=SHOWN, oldest_first=True, reader=current_user)
        if current_user.can("orders")
        else None
    )
    orders = [
        (
            order,
            fulfilment_word(
                state=order.state, fulfilment=order.fulfilment, delivery=order.delivery, is_ready=order.is_ready
            ),
        )
        for order in (waiting.orders if waiting else [])
    ]
    return render_template(
        "admin/today/today.html",
        figures=figures(current_user),
        spans=spans(current_user),
        entries=[(entry, kind_word(entry.kind)) for entry in entries],
        orders=orders,
    )
