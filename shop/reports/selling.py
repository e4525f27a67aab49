"""What was sold in a month, by product, brand, concern or kind: the lines of placed orders, VAT included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from shop.catalog.models import Brand, Concern, Product, ProductConcern, Treatment, Variant, treatment_concern
from shop.catalog.models import Package as Series
from shop.core.db import db
from shop.orders.models import Invoice, Order, OrderLine
from shop.reports.spans import Month

WAYS = {"product": "Product or package", "brand": "Brand", "concern": "Concern", "kind": "Kind"}
KINDS = {
    "variant": "Home skincare",
    "package": "Sessions",
    "addon": "Add-ons",
    "box": "Boxes",
    "gift_card": "Gift cards",
    "upgrade": "Upgrades",
    "consultation": "Consultations",
    "shipping": "Delivery",
}
ELSE = "Everything else"


@dataclass(frozen=True)
class Sold:
    """Units and money of one name; `gross_minor` with VAT."""

    name: str
    units: int
    gross_minor: int
    vat_minor: int

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.vat_minor


@dataclass(frozen=True)
class Sales:
    """Rows by money; `back_*` is what credit notes of the month took back, whenever it was sold."""

    month: Month
    way: str
    rows: tuple[Sold, ...]
    orders: int
    back_minor: int
    back_vat_minor: int

    @property
    def gross_minor(self) -> int:
        return sum(row.gross_minor for row in self.rows)

    @property
    def vat_minor(self) -> int:
        return sum(row.vat_minor for row in self.rows)


def sales(month: Month, way: str, *, most: int | None = None) -> Sales:
    """Three statements, however much was sold. Raises KeyError for a way nobody wrote down.

    With `most` the best so many stand alone and the others together in the last row, so that every sum stays whole.
    """
    words = KINDS if way == "kind" else {}
    # with a count beside them a database reads the days of the month, not all orders from the first one on
    during = (Order.placed_at >= month.since, Order.placed_at < month.until)
    span = select(func.count(Order.id), func.min(Order.id), func.max(Order.id)).where(*during)
    orders, first, last = db.session.execute(span).one()
    found = _rows(_QUESTIONS[way], OrderLine.order_id.between(first or 0, last or 0), *during, most=most)
    rows = [Sold(words.get(r.name, r.name) or ELSE, int(r.units), int(r.gross), int(r.vat)) for r in found]
    if found and found[0].names > len(rows):
        whole = (int(found[0].all_units), int(found[0].all_gross), int(found[0].all_vat))
        shown = (sum(getattr(row, name) for row in rows) for name in ("units", "gross_minor", "vat_minor"))
        others = [every - mine for every, mine in zip(whole, shown, strict=True)]
        left = found[0].names - len(rows)
        rows.append(Sold("1 other" if left == 1 else f"{left:,} others", *others))
    issued = (Invoice.issued_at >= month.since, Invoice.issued_at < month.until, Invoice.kind == "credit_note")
    back = db.session.execute(select(func.sum(Invoice.gross_minor), func.sum(Invoice.vat_minor)).where(*issued)).one()
    return Sales(month, way, tuple(rows), orders, int(back[0] or 0), int(back[1] or 0))


def first_concern() -> Any:
    """Position and id of the first concern that the product of a row serves, in one number; id is the rest by 100000."""
    rows = select(func.min(Concern.position * 100000 + Concern.id)).join(
        ProductConcern, ProductConcern.concern_id == Concern.id
    )
    return rows.where(ProductConcern.product_id == Product.id).correlate(Product).scalar_subquery()


def _rows(named: tuple[Any, Any], *which: Any, most: int | None) -> Sequence[Any]:
    """The lines of a month lie side by side: their range keeps a database from walking through all years of them."""
    name, source = named
    sums = {"units": OrderLine.quantity, "gross": OrderLine.gross_minor, "vat": OrderLine.vat_minor}
    asked: Select[Any] = select(
        name.label("name"),
        *(func.sum(column).label(key) for key, column in sums.items()),
        *(func.sum(func.sum(column)).over().label(f"all_{key}") for key, column in sums.items()),
        func.count().over().label("names"),
    )
    asked = asked.select_from(source).where(*which).group_by(name)
    return db.session.execute(asked.order_by(func.sum(OrderLine.gross_minor).desc(), name).limit(most)).all()


def _questions() -> dict[str, tuple[Any, Any]]:
    """way → (the name of a line, where from). A line counts once: for a concern, at the first one it serves."""
    lines = Order.__table__.join(OrderLine.__table__, OrderLine.order_id == Order.id)
    goods = lines.outerjoin(Variant.__table__, Variant.id == OrderLine.variant_id)
    goods = goods.outerjoin(Product.__table__, Product.id == Variant.product_id)
    brands = goods.outerjoin(Brand.__table__, Brand.id == Product.brand_id)
    series = goods.outerjoin(Series.__table__, Series.id == OrderLine.package_id)
    series = series.outerjoin(Treatment.__table__, Treatment.id == Series.treatment_id)
    of_series = select(func.min(Concern.position * 100000 + Concern.id)).join(
        treatment_concern, treatment_concern.c.concern_id == Concern.id
    )
    of_series = of_series.where(treatment_concern.c.treatment_id == Treatment.id)
    first = func.coalesce(first_concern(), of_series.correlate(Treatment).scalar_subquery())
    concerns = series.outerjoin(Concern.__table__, Concern.id == first % 100000)
    return {
        "product": (OrderLine.name, lines),
        "brand": (Brand.name, brands),
        "concern": (Concern.name, concerns),
        "kind": (OrderLine.kind, lines),
    }


_QUESTIONS = _questions()
