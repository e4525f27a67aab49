"""The day on which a batch was first placed on the market: old stock of a product may be sold longer than its new stock.

The law counts the single batch, not the product: Reg. (EU) 2024/996, art. 1; Commission notice 2022/C 247/01, 2.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Text, cast, func, select

from shop.care.limits import WATCHED_DAYS
from shop.catalog.models import Product, Variant
from shop.catalog.selling_days import keep_last_days, last_days, last_days_of_lot
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.history import record
from shop.inventory.models import Lot, Stock


@dataclass(frozen=True)
class LotEnding:
    """Units of a lot whose sale ends in one market; `last` is None where it was never allowed."""

    lot_id: int
    code: str
    name: str
    units: int
    market: str
    last: date | None


def keep_day(lot: Lot, since: date | None, *, by: str) -> bool:
    """False when it was that day. Raises Refused for a day to come."""
    if since is not None and since > clock.today():
        raise Refused("This day has not come yet.", field="on_market_since")
    if lot.on_market_since == since:
        return False
    was, lot.on_market_since = lot.on_market_since, since
    keep_last_days(_product(lot))
    said = [day.isoformat() if day else None for day in (was, since)]
    record(f"lot:{lot.id}", axis="on the market", was=said[0], now=said[1], by=by)
    db.session.flush()
    return True


def days_of(lot: Lot) -> dict[str, str]:
    """market → its last day of sale, "" for never."""
    product = _product(lot)
    return last_days_of_lot(product.last_sale, product.sale_ends, lot.on_market_since)


def lots_ending(*, within_days: int = WATCHED_DAYS) -> list[LotEnding]:
    """Lots with a day of their own that stand on a shelf, whose sale ends within these days or is over; one statement."""
    limit = clock.today() + timedelta(days=within_days)
    units = func.sum(Stock.on_hand - Stock.allocated)
    rows = select(Lot.id, Lot.code, Lot.on_market_since, Product.name, Product.sale_ends, units.label("units"))
    rows = rows.join(Variant, Variant.id == Lot.variant_id).join(Product, Product.id == Variant.product_id)
    rows = rows.join(Stock, Stock.lot_id == Lot.id).where(Lot.on_market_since.is_not(None), Product.state == "live")
    rows = (
        rows.where(cast(Product.sale_ends, Text) != "[]", Lot.state == "open")
        .group_by(Lot.id, Product.id)
        .having(units > 0)
    )
    found = [
        LotEnding(row.id, row.code, row.name, int(row.units), market, date.fromisoformat(last) if last else None)
        for row in db.session.execute(rows)
        for market, last in last_days(row.sale_ends, since=row.on_market_since.isoformat()).items()
    ]
    return _soonest(one for one in found if one.last is None or one.last <= limit)


def _soonest(found: Iterable[LotEnding]) -> list[LotEnding]:
    return sorted(found, key=lambda one: (one.last or date.min, one.name, one.code, one.market))


def _product(lot: Lot) -> Product:
    mine = select(Product).join(Variant, Variant.product_id == Product.id).where(Variant.id == lot.variant_id)
    return db.session.scalars(mine).one()
