"""A delivery that has been scanned is put on the shelf, once and whole."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import update

from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Refused
from shop.core.handlers import fire
from shop.core.history import record
from shop.inventory.buying import prices_of, receive_against
from shop.inventory.costing import cost_came
from shop.inventory.models import Lot
from shop.inventory.receiving import receive
from shop.inventory.scanning import Batch, Scanned, costs_scanned, scanned
from shop.inventory.sheet_models import StockSheet


def shelve(sheet: StockSheet, *, by: str) -> int:
    """Everything scanned becomes stock; says how many units. A second time changes nothing."""
    won = update(StockSheet).where(StockSheet.id == sheet.id, StockSheet.state == "open")
    if not changed(won.values(state="done", closed_by=by, closed_at=clock.now())):
        return 0
    rows = [row for row in scanned(sheet) if row.units]
    if not rows:
        raise Refused("Nothing has been scanned yet.")
    costs = unit_costs(sheet)
    for row in sorted(rows, key=lambda row: row.batch):
        _receive(sheet, row, cost=costs.get(row.batch, costs.get(Batch(row.batch.variant_id, ""))), by=by)
    fire("stock.received", variant_ids=sorted({row.batch.variant_id for row in rows}), by=by)
    units = sum(row.units for row in rows)
    if sheet.purchase_id is not None:
        receive_against(sheet.purchase_id, units_of(rows), by=by, note=sheet.reference)
    record(f"delivery:{sheet.id}", axis="state", was="open", now="done", by=by, note=sheet.reference)
    db.session.expire(sheet)
    return units


def unit_costs(sheet: StockSheet) -> dict[Batch, int]:
    """What one unit costs without VAT: by lot as typed while scanning, by article (lot "") as agreed in the purchase."""
    agreed = prices_of(sheet.purchase_id) if sheet.purchase_id is not None else {}
    return {Batch(variant_id, ""): minor for variant_id, minor in agreed.items()} | costs_scanned(sheet)


def units_of(rows: Iterable[Scanned]) -> dict[int, int]:
    """variant → units, of whatever lots."""
    found: dict[int, int] = {}
    for row in rows:
        found[row.batch.variant_id] = found.get(row.batch.variant_id, 0) + row.units
    return found


def _receive(sheet: StockSheet, row: Scanned, *, cost: int | None, by: str) -> None:
    stock = receive(
        row.batch.variant_id,
        units=row.units,
        cause=f"delivery:{sheet.id}:{row.batch.lot}",
        by=by,
        lot=row.batch.lot,
        expires_on=row.expires_on,
        reason=sheet.reference or None,
        location_id=sheet.location_id,
    )
    # a lot first counted in without its date learns it from a later delivery
    learned = update(Lot).where(Lot.id == stock.lot_id, Lot.expires_on.is_(None))
    changed(learned.values(expires_on=row.expires_on))
    if cost is not None:
        cost_came(stock.lot_id, units=row.units, unit_minor=cost, cause=f"delivery:{sheet.id}:{stock.lot_id}", by=by)
