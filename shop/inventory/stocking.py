"""The first count of goods the shop has never had: many sizes at once, each with the movement that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert

from shop.core import clock
from shop.core.db import db
from shop.inventory.holding import refresh_in_stock
from shop.inventory.models import UNKNOWN_LOT, Lot, Stock, StockMovement
from shop.inventory.receiving import main_location


@dataclass(frozen=True, slots=True)
class Goods:
    """Units of one new size in one lot; `cause` is unique for each shelf row."""

    variant_id: int
    units: int
    cause: str
    lot: str = UNKNOWN_LOT
    expires_on: date | None = None


def stock_new(goods: Sequence[Goods], *, by: str) -> None:
    """Count in what has no stock row yet. The database refuses a lot that exists (IntegrityError): use `receive` then."""
    goods = [one for one in goods if one.units > 0]
    if not goods:
        return
    location_id = main_location().id
    lots = [{"variant_id": g.variant_id, "code": g.lot, "expires_on": g.expires_on, "state": "open"} for g in goods]
    rows = [
        {
            "variant_id": g.variant_id,
            "location_id": location_id,
            "lot_id": lot_id,
            "on_hand": g.units,
            "allocated": 0,
            "held": 0,
        }
        for g, lot_id in zip(goods, _ids(Lot, lots), strict=True)
    ]
    now = clock.now()
    moves = [
        {"stock_id": stock_id, "kind": "receive", "on_hand_change": g.units, "allocated_change": 0, "cause": g.cause}
        | {"by": by, "reason": None, "at": now}
        for g, stock_id in zip(goods, _ids(Stock, rows), strict=True)
    ]
    db.session.execute(insert(StockMovement), moves)
    refresh_in_stock([g.variant_id for g in goods])


def _ids(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    """The keys of new rows, in the order of the rows."""
    return list(db.session.scalars(insert(model).returning(model.id, sort_by_parameter_order=True), rows))
