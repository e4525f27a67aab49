"""A stock figure in a file counts only while the shelf is still as the file saw it: what was sold since is never undone.

Our own export says beside each figure what it was (`stock_exported`); a figure without that column is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex

from sqlalchemy import func, select

from shop.core.db import db
from shop.imports.rows import ProductRow, Rejected, VariantRow
from shop.inventory.models import Stock
from shop.inventory.receiving import adjust, receive

REASON = "Stock figure of a file"


@dataclass(frozen=True, slots=True)
class Shelved:
    """What stands of one size in all places, and what of it nobody waits for."""

    on_hand: int = 0
    available: int = 0


@dataclass(frozen=True, slots=True)
class Restock:
    """One size whose figure was changed in the file; `units` more, or fewer."""

    variant_id: int
    sku: str
    was: int
    now: int

    @property
    def units(self) -> int:
        return self.now - self.was

    @property
    def words(self) -> str:
        return f"{self.sku} stock {self.was} → {self.now}"


def shelved(variant_ids: Iterable[int]) -> dict[int, Shelved]:
    """One statement."""
    ids = sorted(set(variant_ids))
    if not ids:
        return {}
    columns = (Stock.variant_id, func.sum(Stock.on_hand), func.sum(Stock.on_hand - Stock.allocated - Stock.held))
    rows = db.session.execute(select(*columns).where(Stock.variant_id.in_(ids)).group_by(Stock.variant_id))
    return {variant_id: Shelved(int(on_hand), int(available)) for variant_id, on_hand, available in rows}


def says_stock(row: VariantRow) -> bool:
    """Whether somebody has changed the figure that our export wrote."""
    return row.stock is not None and row.stock_exported is not None and row.stock != row.stock_exported


def look(
    row: ProductRow, known: Mapping[str, int], standing: Mapping[int, Shelved]
) -> tuple[list[Restock], list[Rejected]]:
    """What the row's figures would do; `known` is SKU → variant. A stale one is refused with both numbers."""
    wanted: list[Restock] = []
    refused: list[Rejected] = []
    for size in row.variants:
        if not says_stock(size) or size.sku not in known:
            continue
        stands = standing.get(known[size.sku], Shelved())
        one = Restock(known[size.sku], size.sku, stands.on_hand, size.stock or 0)
        if one.units and stands.on_hand != size.stock_exported:
            words = (
                f"{size.sku} had {size.stock_exported} when the file was made and has {stands.on_hand} now. Export again."
            )
            refused.append(Rejected(size.row, "stock", words, row.handle))
        elif one.units < -stands.available:
            waiting = stands.on_hand - stands.available
            words = f"{waiting} of {size.sku} are promised to orders: it cannot go down to {one.now}."
            refused.append(Rejected(size.row, "stock", words, row.handle))
        elif one.units:
            wanted.append(one)
    return wanted, refused


def restock(wanted: Sequence[Restock], *, by: str) -> None:
    """Write the movements; what goes is taken from the fullest shelves first. Raises Refused when somebody was quicker."""
    for one in sorted(wanted, key=lambda one: one.variant_id):
        cause, units = f"import-stock:{one.sku}:{token_hex(8)}", one.units
        shelves = select(Stock).where(Stock.variant_id == one.variant_id).order_by(Stock.on_hand.desc(), Stock.id)
        rows = list(db.session.scalars(shelves))
        if units > 0 and not rows:
            receive(one.variant_id, units=units, cause=cause, by=by, reason=REASON)
        elif units > 0:
            adjust(rows[0], units=units, cause=cause, by=by, reason=REASON)
        for number, stock in enumerate(rows if units < 0 else ()):
            part = min(-units, max(0, stock.available))
            if part:
                adjust(stock, units=-part, cause=f"{cause}:{number}", by=by, reason=REASON)
                units += part
