"""What stands on the shelves and how long it lasts: sums by variant, lots, movements, what runs out and what ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.core.settings import setting
from shop.inventory.models import Lot, Stock, StockMovement
from shop.inventory.reading_codes import spellings
from shop.inventory.selling import first_end, may_be_sold

SALES_DAYS = 28
PER_PAGE = 40
MOST_URGENT = 200
SOLD = ("allocate", "deallocate")
AVAILABLE = Stock.on_hand - Stock.allocated - Stock.held


@dataclass(frozen=True)
class Shelved:
    """One variant with the sums of its lots; `sold` counts the last four weeks, cover is None when nothing was sold."""

    variant_id: int
    sku: str
    name: str
    size: str
    on_hand: int
    allocated: int
    held: int
    sellable: int
    first_end: date | None
    sold: int

    @property
    def available(self) -> int:
        return self.on_hand - self.allocated - self.held

    @property
    def cover_days(self) -> int | None:
        return self.sellable * SALES_DAYS // self.sold if self.sold > 0 else None


@dataclass(frozen=True)
class Page:
    rows: list[Shelved]
    after: int | None


def shelves(*, q: str = "", after: int | None = None, limit: int = PER_PAGE) -> Page:
    """By product name, after a product; a fixed number of statements. `q` is a part of a name, or a code."""
    wanted = select(Product.id, Product.name).where(*_beyond(after))
    if q:
        wanted = wanted.where(_matching(q))
    products = db.session.execute(wanted.order_by(Product.name, Product.id).limit(limit + 1)).all()
    shown = products[:limit]
    ids = select(Variant.id).where(Variant.product_id.in_([product_id for product_id, _ in shown]))
    return Page(_described(list(db.session.scalars(ids))), shown[-1].id if len(products) > limit else None)


def running_low(*, within: int | None = None) -> list[Shelved]:
    """Sold in the last weeks and gone, or gone within so many days (the clinic's, when none are named); what ends soonest first."""
    days = setting("stock.low_days") if within is None else within
    rows = _described(list(_sold_since(None)))
    low = [row for row in rows if row.cover_days is not None and row.cover_days < days]
    return sorted(low, key=lambda row: (row.cover_days or 0, -row.sold, row.name))[:MOST_URGENT]


@dataclass(frozen=True)
class Ending:
    """A lot with something on the shelf that ends soon, or has ended."""

    variant_id: int
    sku: str
    name: str
    size: str
    lot_id: int
    code: str
    expires_on: date
    on_hand: int


def ending_soon() -> list[Ending]:
    """Lots that end within the clinic's days, the soonest first."""
    until = clock.today() + timedelta(days=setting("stock.expiring_days"))
    rows = _ending(until).order_by(Lot.expires_on, Lot.id).limit(MOST_URGENT)
    return [
        Ending(variant.id, variant.sku, name, variant.size, lot.id, lot.code, lot.expires_on, int(units))
        for variant, name, lot, units in db.session.execute(rows)
    ]


def shelf_of(variant_id: int) -> Shelved | None:
    """The sums of one variant."""
    return next(iter(_described([variant_id])), None)


def lots_of(variant_id: int) -> list[tuple[Stock, Lot]]:
    """Its stock rows with their lots, in the order in which they are sold."""
    rows = select(Stock, Lot).join(Lot, Lot.id == Stock.lot_id).where(Stock.variant_id == variant_id)
    found = db.session.execute(rows.order_by(Lot.expires_on.is_(None), Lot.expires_on, Stock.id))
    return [(stock, lot) for stock, lot in found]


def movements_of(variant_id: int, *, after: int | None = None, limit: int = 40) -> list[Any]:
    """(movement, lot code), newest first, beginning below `after`."""
    rows = (
        select(StockMovement, Lot.code)
        .join(Stock, Stock.id == StockMovement.stock_id)
        .join(Lot, Lot.id == Stock.lot_id)
        .where(Stock.variant_id == variant_id)
    )
    if after is not None:
        rows = rows.where(StockMovement.id < after)
    return list(db.session.execute(rows.order_by(StockMovement.id.desc()).limit(limit)).all())


def _beyond(product_id: int | None) -> list[Any]:
    if product_id is None:
        return []
    name = select(Product.name).where(Product.id == product_id).scalar_subquery()
    return [or_(Product.name > name, and_(Product.name == name, Product.id > product_id))]


def _ending(until: date) -> Any:
    return (
        select(Variant, Product.name, Lot, func.sum(Stock.on_hand))
        .join(Lot, Lot.variant_id == Variant.id)
        .join(Stock, Stock.lot_id == Lot.id)
        .join(Product, Product.id == Variant.product_id)
        .where(Lot.expires_on <= until, Lot.state == "open")
        .group_by(Variant.id, Product.name, Lot.id)
        .having(func.sum(Stock.on_hand) > 0)
    )


def _described(variant_ids: Iterable[int]) -> list[Shelved]:
    ids = list(variant_ids)
    if not ids:
        return []
    sellable = may_be_sold(first_end())
    sums = (
        select(Variant, Product.name)
        .add_columns(
            func.coalesce(func.sum(Stock.on_hand), 0),
            func.coalesce(func.sum(Stock.allocated), 0),
            func.coalesce(func.sum(Stock.held), 0),
            func.coalesce(func.sum(case((sellable, AVAILABLE), else_=0)), 0),
            func.min(case((Stock.on_hand > 0, Lot.expires_on))),
        )
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .outerjoin(Lot, Lot.id == Stock.lot_id)
        .where(Variant.id.in_(ids))
        .group_by(Variant.id, Product.name, Product.id)
        .order_by(Product.name, Product.id, Variant.position, Variant.id)
    )
    sold = _sold_since(ids)
    return [
        Shelved(v.id, v.sku, name, v.size, int(on), int(out), int(held), int(free), first, sold.get(v.id, 0))
        for v, name, on, out, held, free, first in db.session.execute(sums)
    ]


def _sold_since(variant_ids: list[int] | None) -> dict[int, int]:
    """variant → units that clients bought in the last weeks, cancelled orders taken off."""
    since = clock.now() - timedelta(days=SALES_DAYS)
    units = func.sum(StockMovement.allocated_change)
    rows = select(Stock.variant_id, units).join(StockMovement, StockMovement.stock_id == Stock.id)
    rows = rows.where(StockMovement.kind.in_(SOLD), StockMovement.at >= since).group_by(Stock.variant_id)
    if variant_ids is not None:
        rows = rows.where(Stock.variant_id.in_(variant_ids))
    return {variant_id: int(total) for variant_id, total in db.session.execute(rows)}


def _matching(q: str) -> Any:
    words = spellings(q)
    codes = or_(Variant.sku.in_(words), Variant.barcode.in_(words))
    return or_(
        func.lower(Product.name).contains(q.lower(), autoescape=True),
        Product.id.in_(select(Variant.product_id).where(codes)),
    )
