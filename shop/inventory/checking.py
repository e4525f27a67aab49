"""Proof that the stock counters are what their movements and the open payments add up to."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from shop.core.db import db
from shop.inventory.models import Stock, StockMovement


def differences(held: Mapping[int, int]) -> list[str]:
    """One sentence for each counter that is not explained. `held` is {stock row: units} of all open payments."""
    moved = (
        select(
            StockMovement.stock_id,
            func.sum(StockMovement.on_hand_change).label("on_hand"),
            func.sum(StockMovement.allocated_change).label("allocated"),
        )
        .group_by(StockMovement.stock_id)
        .subquery()
    )
    rows = select(Stock, moved.c.on_hand, moved.c.allocated).join_from(
        Stock, moved, moved.c.stock_id == Stock.id, isouter=True
    )
    found = []
    for stock, on_hand, allocated in db.session.execute(rows):
        explained = {"on_hand": on_hand or 0, "allocated": allocated or 0, "held": held.get(stock.id, 0)}
        found += [
            f"stock {stock.id}: {name} is {getattr(stock, name)}, its rows add up to {total}"
            for name, total in explained.items()
            if getattr(stock, name) != total
        ]
    return found
