"""What the slip in the parcel says of each product's first day: by the client's sessions alone.

What somebody told about health stays with those who treat; whoever packs reads a date and no reason.
"""

from __future__ import annotations

from sqlalchemy import select

from shop.bag.caring import care_words_for
from shop.care.loading import window_rules
from shop.core import clock
from shop.core.db import db
from shop.intake.calendar import Calendar
from shop.orders.models import Order, OrderLine
from shop.visits.skin_days import sessions_of


def first_days(order: Order) -> dict[int, str]:
    """line → "Start on Wed 17 June."; lines that nothing speaks against are absent."""
    sessions = sessions_of(order.client_id) if order.client_id is not None else ()
    if not sessions:
        return {}
    mine = select(OrderLine.id, OrderLine.variant_id).where(
        OrderLine.order_id == order.id, OrderLine.variant_id.is_not(None)
    )
    lines = {line_id: variant_id for line_id, variant_id in db.session.execute(mine) if variant_id is not None}
    words = care_words_for(lines.values(), Calendar(sessions, clock.today(), window_rules()))
    said = {line_id: words.get(variant_id) for line_id, variant_id in lines.items()}
    return {line_id: word.text for line_id, word in said.items() if word is not None and word.verdict.verdict == "pause"}
