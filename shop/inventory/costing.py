"""What a lot cost the clinic, without VAT: the average of what its deliveries cost, or what somebody said since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Subquery, and_, case, cast, func, or_, select

from shop.catalog.models import Brand, Product, Variant
from shop.core import clock
from shop.core.db import db, insert_once
from shop.core.errors import Refused
from shop.inventory.buying_models import LotCost
from shop.inventory.models import Lot, Stock, StockMovement

MOST_MINOR = 10_000_000
UNKNOWN_SHOWN = 200


@dataclass(frozen=True)
class Cost:
    """So many units cost so much in all."""

    units: int
    total_minor: int

    def of(self, units: int) -> int:
        """The cost of so many units (below nothing for units that came back), half up."""
        whole = (2 * abs(units) * self.total_minor + self.units) // (2 * self.units)
        return whole if units >= 0 else -whole


@dataclass(frozen=True)
class Valued:
    """What stands on the shelves of one brand; `unknown` units of it have no cost on file."""

    name: str
    units: int
    value_minor: int
    unknown: int


def cost_came(lot_id: int, *, units: int, unit_minor: int, cause: str, by: str) -> None:
    """A delivery of so many units at a price each. The same cause twice is one."""
    _write(lot_id, "came", units=units, unit_minor=unit_minor, cause=cause, by=by)


def say_cost(lot_id: int, *, unit_minor: int, cause: str, by: str) -> None:
    """Whatever stood there before: everything of this lot that ever came in cost so much each. Raises Refused."""
    if not 0 <= unit_minor <= MOST_MINOR:
        raise Refused("That cannot be the cost of one unit.", field="cost")
    came = func.coalesce(func.sum(StockMovement.on_hand_change), 0)
    rows = select(came).join(Stock, Stock.id == StockMovement.stock_id)
    units = db.session.scalar(rows.where(Stock.lot_id == lot_id, StockMovement.kind == "receive")) or 0
    _write(lot_id, "said", units=max(1, int(units)), unit_minor=unit_minor, cause=cause, by=by)


def known_costs() -> Subquery:
    """(lot_id, units, total_minor) of every lot whose cost is known."""
    said = select(LotCost.lot_id, func.max(LotCost.id).label("id")).where(LotCost.kind == "said")
    last = said.group_by(LotCost.lot_id).subquery()
    units = cast(func.sum(LotCost.units), BigInteger).label("units")
    total = cast(func.sum(LotCost.total_minor), BigInteger).label("total_minor")
    rows = select(LotCost.lot_id, units, total).outerjoin(last, last.c.lot_id == LotCost.lot_id)
    rows = rows.where(or_(last.c.id.is_(None), LotCost.id >= last.c.id))
    return rows.group_by(LotCost.lot_id).subquery()


def cost_of(lot_id: int) -> Cost | None:
    costs = known_costs()
    row = db.session.execute(select(costs).where(costs.c.lot_id == lot_id)).first()
    return Cost(int(row.units), int(row.total_minor)) if row else None


def stock_value() -> list[Valued]:
    """What is on hand now at what it cost, by brand; one statement."""
    costs = known_costs()
    each = (2 * Stock.on_hand * costs.c.total_minor + costs.c.units) // (2 * costs.c.units)
    value = func.sum(case((costs.c.units.is_not(None), each), else_=0))
    unknown = func.sum(case((costs.c.units.is_(None), Stock.on_hand), else_=0))
    rows = (
        select(Brand.name, func.sum(Stock.on_hand), value, unknown)
        .select_from(Stock)
        .join(Variant, Variant.id == Stock.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Brand, Brand.id == Product.brand_id)
        .outerjoin(costs, costs.c.lot_id == Stock.lot_id)
        .where(Stock.on_hand > 0)
        .group_by(Brand.id, Brand.name)
        .order_by(value.desc(), Brand.name)
    )
    return [Valued(name, int(units), int(minor), int(none)) for name, units, minor, none in db.session.execute(rows)]


def lots_without_cost() -> list[Any]:
    """(lot, variant, product, units) on hand without a cost on file, the most units first."""
    units = func.sum(Stock.on_hand).label("units")
    none = ~select(LotCost.id).where(LotCost.lot_id == Lot.id).exists()
    rows = (
        select(Lot, Variant, Product.name, units)
        .join(Stock, and_(Stock.lot_id == Lot.id, Stock.on_hand > 0))
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(none)
        .group_by(Lot.id, Variant.id, Product.name)
    )
    return list(db.session.execute(rows.order_by(units.desc(), Lot.id).limit(UNKNOWN_SHOWN)).all())


def _write(lot_id: int, kind: str, *, units: int, unit_minor: int, cause: str, by: str) -> None:
    facts = {"units": units, "total_minor": units * unit_minor, "by": by, "at": clock.now()}
    insert_once(LotCost, unique="cause", cause=cause, lot_id=lot_id, kind=kind, **facts)
