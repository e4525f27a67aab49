"""A sheet as the desk reads it: its lines with their articles, and the list of sheets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from shop.catalog.models import Product, Variant
from shop.core.db import db
from shop.inventory.counting import Difference
from shop.inventory.scanning import Scanned
from shop.inventory.sheet_models import SheetScan, StockSheet

SHEETS_SHOWN = 40


@dataclass(frozen=True)
class Line:
    variant_id: int
    sku: str
    name: str
    size: str
    lot: str
    expires_on: date | None
    units: int
    expected: int = 0

    @property
    def change(self) -> int:
        return self.units - self.expected


def scan_lines(rows: Iterable[Scanned]) -> list[Line]:
    """What was scanned, by article and lot; what was taken back whole is left out."""
    rows = [row for row in rows if row.units]
    about = articles(row.batch.variant_id for row in rows)
    return [
        Line(row.batch.variant_id, *about[row.batch.variant_id], row.batch.lot, row.expires_on, row.units) for row in rows
    ]


def difference_lines(rows: Iterable[Difference]) -> list[Line]:
    """What differs first, then what agrees."""
    rows = list(rows)
    about = articles(row.variant_id for row in rows)
    lines = [
        Line(row.variant_id, *about[row.variant_id], row.lot, row.expires_on, row.counted, row.expected) for row in rows
    ]
    return sorted(lines, key=lambda line: (not line.change, line.name, line.lot))


def sheets(kind: str) -> list[tuple[StockSheet, int]]:
    """The latest sheets, each with the units that were scanned."""
    units = func.coalesce(func.sum(SheetScan.units), 0)
    rows = select(StockSheet, units).outerjoin(SheetScan, SheetScan.sheet_id == StockSheet.id)
    rows = rows.where(StockSheet.kind == kind).group_by(StockSheet.id).order_by(StockSheet.id.desc())
    return [(sheet, int(total)) for sheet, total in db.session.execute(rows.limit(SHEETS_SHOWN))]


def articles(variant_ids: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """variant → (SKU, product, size), in one statement."""
    rows = select(Variant, Product.name).join(Product, Product.id == Variant.product_id)
    found = db.session.execute(rows.where(Variant.id.in_(set(variant_ids))))
    return {variant.id: (variant.sku, name, variant.size) for variant, name in found}
