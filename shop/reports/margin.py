"""What goods earned in a month: sold and paid back net of VAT, less what they cost. What has no cost on file is said.

Sessions are not in it: what they cost is people's time, which this shop does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from shop.catalog.models import Brand, Concern, Product, Variant
from shop.core.db import db
from shop.inventory.costing import Cost, known_costs
from shop.inventory.models import Stock, StockMovement
from shop.orders.models import Invoice, Order, OrderLine
from shop.reports.selling import ELSE, first_concern
from shop.reports.spans import Month

WAYS = {"product": "Product", "brand": "Brand", "concern": "Concern"}
PROMISED = ("allocate", "deallocate")
CAME_BACK = "return:"  # the cause of an adjustment that puts goods which came back on the shelf
CHARGE = "order-line:"


@dataclass
class Margin:
    """Net of VAT. `units` went out less what came back; `unknown` of them have no cost on file."""

    name: str
    sold_minor: int = 0
    back_minor: int = 0
    units: int = 0
    unknown: int = 0
    cost_minor: int = 0

    @property
    def net_minor(self) -> int:
        return self.sold_minor - self.back_minor

    @property
    def margin_minor(self) -> int | None:
        """None while the cost of a part is not known: half a margin would be none."""
        return None if self.unknown else self.net_minor - self.cost_minor

    @property
    def percent(self) -> int | None:
        """Of what was taken, to the whole percent."""
        if self.margin_minor is None or self.net_minor <= 0:
            return None
        return round(100 * self.margin_minor / self.net_minor)

    def add(self, other: Margin) -> None:
        for name in ("sold_minor", "back_minor", "units", "unknown", "cost_minor"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True)
class Margins:
    month: Month
    way: str
    rows: tuple[Margin, ...]
    total: Margin


def margins(month: Month, way: str) -> Margins:
    """Four statements, however much was sold. Raises KeyError for a way nobody wrote down."""
    products: dict[int | None, Margin] = {}
    for product_id, minor in _sold(month):
        _of(products, product_id).sold_minor += int(minor)
    for product_id, minor in _paid_back(month):
        _of(products, product_id).back_minor += minor
    for product_id, units, cost in _moved(month):
        row = _of(products, product_id)
        row.units += units
        row.unknown += units if cost is None else 0
        row.cost_minor += 0 if cost is None else cost.of(units)
    rows, total = _gathered(products, way), Margin("All")
    for row in rows:
        total.add(row)
    return Margins(month, way, tuple(sorted(rows, key=lambda row: (-row.net_minor, row.name))), total)


def _of(products: dict[int | None, Margin], product_id: int | None) -> Margin:
    return products.setdefault(product_id, Margin(""))


def _gathered(products: dict[int | None, Margin], way: str) -> list[Margin]:
    names = {row.id: (row.key, row.name) for row in db.session.execute(_NAMES[way].where(Product.id.in_(products)))}
    found: dict[Any, Margin] = {}
    for product_id, row in products.items():
        key, name = names.get(product_id, (None, None))
        found.setdefault(key, Margin(name or ELSE)).add(row)
    return list(found.values())


def _sold(month: Month) -> Any:
    net = func.sum(OrderLine.gross_minor - OrderLine.vat_minor)
    rows = select(Variant.product_id, net).join(OrderLine, OrderLine.variant_id == Variant.id)
    rows = rows.join(Order, Order.id == OrderLine.order_id)
    return db.session.execute(rows.where(*_within(Order.placed_at, month)).group_by(Variant.product_id))


def _paid_back(month: Month) -> Iterator[tuple[int, int]]:
    """(product, net) of the credit notes of the month, where they name the goods they are for."""
    notes = select(Invoice.content).where(*_within(Invoice.issued_at, month), Invoice.kind == "credit_note")
    lines: dict[int, int] = {}
    for content in db.session.scalars(notes):
        for row in content["lines"]:
            charge = str(row.get("charge") or "")
            if charge.startswith(CHARGE):
                line_id = int(charge.removeprefix(CHARGE))
                lines[line_id] = lines.get(line_id, 0) + row["gross_minor"] - row["vat_minor"]
    products = select(OrderLine.id, Variant.product_id).join(Variant, Variant.id == OrderLine.variant_id)
    for line_id, product_id in db.session.execute(products.where(OrderLine.id.in_(lines))):
        yield product_id, lines[line_id]


def _moved(month: Month) -> Iterator[tuple[int, int, Cost | None]]:
    """(product, units, the cost of their lot): promised to clients, less what they gave back."""
    costs = known_costs()
    back = (StockMovement.kind == "adjust") & StockMovement.cause.startswith(CAME_BACK)
    units = func.sum(case((back, -StockMovement.on_hand_change), else_=StockMovement.allocated_change))
    lots = (Variant.product_id, Stock.lot_id, costs.c.units, costs.c.total_minor)
    rows = (
        select(*lots, units.label("moved"))
        .join(Stock, Stock.id == StockMovement.stock_id)
        .join(Variant, Variant.id == Stock.variant_id)
        .outerjoin(costs, costs.c.lot_id == Stock.lot_id)
        .where(*_within(StockMovement.at, month), StockMovement.kind.in_(PROMISED) | back)
        .group_by(*lots)
    )
    for product_id, _, of, total, moved in db.session.execute(rows):
        yield product_id, int(moved), None if of is None else Cost(int(of), int(total))


def _within(column: Any, month: Month) -> tuple[Any, Any]:
    return column >= month.since, column < month.until


_CONCERN = first_concern() % 100000
_NAMES: dict[str, Any] = {
    "product": select(Product.id.label("id"), Product.id.label("key"), Product.name.label("name")),
    "brand": select(Product.id.label("id"), Brand.id.label("key"), Brand.name.label("name")).join(
        Brand, Brand.id == Product.brand_id
    ),
    "concern": select(Product.id.label("id"), Concern.id.label("key"), Concern.name.label("name")).join(
        Concern, Concern.id == _CONCERN
    ),
}
