"""A shelf is counted blind; what differs is shown and changes the shelf only when a person approves it."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select, update

from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.inventory.models import Lot, Stock
from shop.inventory.receiving import adjust, main_location, receive
from shop.inventory.scanning import CLOSED, Batch, scanned, scope_of
from shop.inventory.sheet_models import SheetScope, StockSheet


class Difference(NamedTuple):
    """`change` is what approving does to the shelf."""

    variant_id: int
    lot: str
    expires_on: date | None
    expected: int
    counted: int

    @property
    def change(self) -> int:
        return self.counted - self.expected


def longest_uncounted(*, limit: int = 5) -> list[int]:
    """The variants with something on the shelf whose last finished count is longest ago, or that had none."""
    counted = (
        select(SheetScope.variant_id, func.max(SheetScope.sheet_id).label("last"))
        .join(StockSheet, StockSheet.id == SheetScope.sheet_id)
        .where(StockSheet.state != "dropped")
        .group_by(SheetScope.variant_id)
        .subquery()
    )
    shelved = select(Stock.variant_id).where(Stock.on_hand > 0).group_by(Stock.variant_id).subquery()
    longest = select(shelved.c.variant_id).outerjoin(counted, counted.c.variant_id == shelved.c.variant_id)
    return list(db.session.scalars(longest.order_by(func.coalesce(counted.c.last, 0), shelved.c.variant_id).limit(limit)))


def close_count(sheet: StockSheet, *, by: str) -> list[Difference]:
    """open → counted: compare with the shelf as it is now. What is in the scope and was not scanned counts as none."""
    found = _compare(sheet)
    kept = [[*row[:2], row.expires_on.isoformat() if row.expires_on else None, *row[3:]] for row in found]
    closed = update(StockSheet).where(StockSheet.id == sheet.id, StockSheet.state == "open")
    if not changed(closed.values(state="counted", differences=kept, closed_by=by, closed_at=clock.now())):
        raise Conflict(CLOSED)
    db.session.expire(sheet)
    return found


def count_again(sheet: StockSheet) -> None:
    """counted → open: the scans so far stay."""
    again = update(StockSheet).where(StockSheet.id == sheet.id, StockSheet.state == "counted")
    if not changed(again.values(state="open", differences=[])):
        raise Conflict("This count is not waiting for approval any more.")
    db.session.expire(sheet)


def approve(sheet: StockSheet, *, by: str) -> int:
    """The shelf becomes what was counted, by the difference that was shown: what left since then stays left.

    Says how many shelves changed; a second time changes nothing. Raises Refused where more is promised than was found.
    """
    won = update(StockSheet).where(StockSheet.id == sheet.id, StockSheet.state == "counted").values(state="done")
    if not changed(won):
        return 0
    rows = [row for row in differences_of(sheet) if row.change]
    for row in rows:
        _apply(sheet, row, by=by)
    record(f"count:{sheet.id}", axis="state", was="counted", now="done", by=by, note=sheet.reference)
    db.session.expire(sheet)
    return len(rows)


def differences_of(sheet: StockSheet) -> list[Difference]:
    """As they were when the count was closed."""
    return [_read(row) for row in sheet.differences]


def _compare(sheet: StockSheet) -> list[Difference]:
    counted = {row.batch: row for row in scanned(sheet)}
    shelved: dict[Batch, tuple[date | None, int]] = {}
    rows = select(Stock.variant_id, Lot.code, Lot.expires_on, Stock.on_hand).join(Lot, Lot.id == Stock.lot_id)
    mine = Stock.variant_id.in_(scope_of(sheet)), Stock.location_id == _location(sheet)
    for variant_id, code, ends, on_hand in db.session.execute(rows.where(*mine)):
        shelved[Batch(variant_id, code)] = (ends, on_hand)
    found = []
    for batch in sorted(set(counted) | set(shelved)):
        ends, expected = shelved.get(batch, (None, 0))
        units = counted[batch].units if batch in counted else 0
        if units or expected:
            ends = ends or (counted[batch].expires_on if batch in counted else None)
            found.append(Difference(batch.variant_id, batch.lot, ends, expected, units))
    return found


def _apply(sheet: StockSheet, row: Difference, *, by: str) -> None:
    here = select(Stock).join(Lot, Lot.id == Stock.lot_id)
    here = here.where(Stock.location_id == _location(sheet))
    stock = db.session.scalars(here.where(Stock.variant_id == row.variant_id, Lot.code == row.lot)).first()
    facts = {"cause": f"count:{sheet.id}:{row.variant_id}:{row.lot}", "by": by, "reason": f"Counted: {sheet.reference}"}
    if stock is None:
        receive(
            row.variant_id, units=row.change, lot=row.lot, expires_on=row.expires_on, location_id=_location(sheet), **facts
        )
        return
    try:
        adjust(stock, units=row.change, **facts)
    except Refused as refused:
        where = f"Lot {row.lot}: {row.counted} were counted. {refused.sentence} Look at the orders that wait for it first."
        raise Refused(where) from None


def _location(sheet: StockSheet) -> int:
    return sheet.location_id or main_location().id


def _read(row: list[Any]) -> Difference:
    return Difference(int(row[0]), row[1], date.fromisoformat(row[2]) if row[2] else None, int(row[3]), int(row[4]))
