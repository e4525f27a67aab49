"""A price changes with its history: who, when, from what to what; a product repeats its cheapest size."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select, update

from shop.catalog.models import Package, Product, ScheduledPrice, Variant
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Refused
from shop.core.history import HistoryRow, record

MOST_MINOR = 10_000_000


@dataclass(frozen=True)
class PriceChange:
    at: datetime
    was_minor: int | None
    now_minor: int
    by: str


def set_variant_price(variant: Variant, price_minor: int, *, by: str, as_written: bool = False) -> bool:
    """False when it was that already. `refresh_cheapest` belongs after the last change of a product.

    A change by hand ends the written price that runs; `as_written` is that price itself.
    """
    if variant.price_minor == price_minor:
        return False
    _check(price_minor)
    record(f"variant:{variant.id}", axis="price", was=str(variant.price_minor), now=str(price_minor), by=by)
    variant.price_minor = price_minor
    if not as_written:
        variant.lowest_minor = None
        end_written_prices(ScheduledPrice.variant_id == variant.id)
    return True


def set_package_price(package: Package, price_minor: int, *, by: str, as_written: bool = False) -> bool:
    """What was sold keeps its price: orders hold their own. By hand and `as_written` as above."""
    if package.price_minor == price_minor:
        return False
    _check(price_minor)
    if not price_minor:
        raise Refused("A package costs more than nothing.", field="price")
    record(f"package:{package.id}", axis="price", was=str(package.price_minor), now=str(price_minor), by=by)
    package.price_minor = price_minor
    if not as_written:
        package.lowest_minor = None
        end_written_prices(ScheduledPrice.package_id == package.id)
    return True


def note_new_prices(moved: Sequence[tuple[int, int, int]], *, by: str) -> None:
    """(size, was, now) of prices that a file has changed: their history, in three statements however many there are."""
    if not moved:
        return
    at, ids = clock.now(), [variant_id for variant_id, _, _ in moved]
    rows = [
        {"at": at, "subject": f"variant:{id}", "axis": "price", "was": str(was), "now": str(now), "by": by}
        for id, was, now in moved
    ]
    db.session.execute(insert(HistoryRow), rows)
    end_written_prices(ScheduledPrice.variant_id.in_(ids))
    changed(update(Variant).where(Variant.id.in_(ids), Variant.lowest_minor.is_not(None)).values(lowest_minor=None))


def end_written_prices(whose: ColumnElement[bool]) -> None:
    """Whoever changes a price by hand means it: what runs there brings nothing back at its end."""
    running = update(ScheduledPrice).where(whose, ScheduledPrice.state == "running")
    changed(running.values(state="stopped", next_at=None))


def refresh_cheapest(product_ids: Collection[int]) -> None:
    """Repeat the cheapest size that is sold on each product's own row."""
    db.session.flush()
    sold = select(func.min(Variant.price_minor)).where(Variant.product_id == Product.id, Variant.is_sold)
    cheapest = func.coalesce(sold.correlate(Product).scalar_subquery(), Product.price_minor)
    changed(update(Product).where(Product.id.in_(product_ids)).values(price_minor=cheapest))


def price_history(subjects: Iterable[str]) -> dict[str, list[PriceChange]]:
    """ "variant:7" → its changes, newest first."""
    wanted = list(subjects)
    rows = select(HistoryRow).where(HistoryRow.subject.in_(wanted), HistoryRow.axis == "price")
    found: dict[str, list[PriceChange]] = {subject: [] for subject in wanted}
    for row in db.session.scalars(rows.order_by(HistoryRow.id.desc())):
        was = int(row.was) if row.was else None
        found[row.subject].append(PriceChange(row.at, was, int(row.now or 0), row.by))
    return found


def _check(price_minor: int) -> None:
    if not 0 <= price_minor <= MOST_MINOR:
        raise Refused("This price cannot be right.", field="price")
