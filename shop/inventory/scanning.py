"""A sheet is filled scan by scan: repeated scans add up, a second click is the first, nothing is on a shelf yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, insert, select, update

from shop.catalog.models import Variant
from shop.core import clock
from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.templating import day
from shop.inventory.finding import get_article
from shop.inventory.models import UNKNOWN_LOT, Lot, Stock
from shop.inventory.reading_codes import read_code
from shop.inventory.sheet_models import SheetScan, SheetScope, StockSheet

MOST_UNITS = 9999
CLOSED = "This sheet is closed. Nothing was added."


class Batch(NamedTuple):
    """A lot of one variant."""

    variant_id: int
    lot: str


@dataclass(frozen=True)
class Scanned:
    """What the scans of one lot add up to."""

    batch: Batch
    expires_on: date | None
    units: int
    last: int


def open_sheet(
    kind: str,
    *,
    reference: str,
    cause: str,
    by: str,
    scope: Iterable[int] = (),
    purchase_id: int | None = None,
    location_id: int | None = None,
) -> StockSheet:
    """A new delivery or count; the same cause twice is one sheet."""
    known = db.session.scalars(select(StockSheet).where(StockSheet.cause == cause)).first()
    if known is not None:
        return known
    sheet = StockSheet(kind=kind, state="open", reference=reference.strip(), cause=cause, differences=[], opened_by=by)
    sheet.opened_at, sheet.purchase_id, sheet.location_id = clock.now(), purchase_id, location_id
    db.session.add(sheet)
    db.session.flush()
    rows = [{"sheet_id": sheet.id, "variant_id": variant_id} for variant_id in sorted(set(scope))]
    if rows:
        db.session.execute(insert(SheetScope), rows)
    return sheet


def get_sheet(kind: str, sheet_id: int) -> StockSheet:
    """Raises NotFound."""
    wanted = select(StockSheet).where(StockSheet.id == sheet_id, StockSheet.kind == kind)
    return one_or_404(wanted, "There is no such sheet.")


def scan(
    sheet: StockSheet,
    code: str,
    *,
    units: int,
    cause: str,
    by: str,
    lot: str = "",
    expires_on: date | None = None,
    unit_minor: int | None = None,
) -> Variant:
    """Add units of what the code names; below zero takes back. Without a lot the one scanned before is meant.

    Raises Refused for an unknown code, a lot that is known with another expiry, or less than nothing.
    """
    lock_open(sheet)
    read = read_code(code)
    variant = get_article(read.article)
    if db.session.scalar(select(SheetScan.id).where(SheetScan.cause == cause)) is not None:
        return variant
    if not units or abs(units) > MOST_UNITS:
        raise Refused(f"Choose a whole number up to {MOST_UNITS:,}.", field="units")
    _in_scope(sheet, variant)
    batch, ends = _batch(sheet, variant.id, lot.strip() or read.lot, expires_on or read.expires_on)
    there = sum(row.units for row in scanned(sheet) if row.batch == batch)
    if there + units < 0:
        raise Refused(f"Only {there} of this lot were scanned.", field="units")
    row = {"sheet_id": sheet.id, "variant_id": variant.id, "lot": batch.lot, "expires_on": ends, "units": units}
    db.session.execute(insert(SheetScan).values(**row, unit_minor=unit_minor, cause=cause, by=by, at=clock.now()))
    return variant


def scanned(sheet: StockSheet) -> list[Scanned]:
    """By lot, what was scanned last first."""
    last = func.max(SheetScan.id)
    sums = select(
        SheetScan.variant_id, SheetScan.lot, func.max(SheetScan.expires_on), func.sum(SheetScan.units), last
    ).where(SheetScan.sheet_id == sheet.id)
    rows = db.session.execute(sums.group_by(SheetScan.variant_id, SheetScan.lot).order_by(last.desc()))
    return [Scanned(Batch(v, lot), ends, int(units), int(newest)) for v, lot, ends, units, newest in rows]


def costs_scanned(sheet: StockSheet) -> dict[Batch, int]:
    """What one unit of each lot cost, as it was typed last."""
    typed = select(SheetScan.variant_id, SheetScan.lot, SheetScan.unit_minor).order_by(SheetScan.id)
    rows = db.session.execute(typed.where(SheetScan.sheet_id == sheet.id, SheetScan.unit_minor.is_not(None)))
    return {Batch(variant_id, lot): int(minor or 0) for variant_id, lot, minor in rows}


def lock_open(sheet: StockSheet) -> None:
    """Hold the sheet until the end of the transaction. Raises Conflict when it is closed."""
    if not changed(update(StockSheet).where(StockSheet.id == sheet.id, StockSheet.state == "open").values(state="open")):
        raise Conflict(CLOSED)


def drop(sheet: StockSheet, *, by: str) -> None:
    """Throw an unfinished sheet away; its scans stay readable."""
    unfinished = StockSheet.state.in_(("open", "counted"))
    dropped = update(StockSheet).where(StockSheet.id == sheet.id, unfinished)
    if not changed(dropped.values(state="dropped", closed_by=by, closed_at=clock.now())):
        raise Conflict(CLOSED)
    db.session.expire(sheet)


def scope_of(sheet: StockSheet) -> set[int]:
    """The variants of a count; empty for a delivery, which may hold anything."""
    return set(db.session.scalars(select(SheetScope.variant_id).where(SheetScope.sheet_id == sheet.id)))


def _in_scope(sheet: StockSheet, variant: Variant) -> None:
    scope = scope_of(sheet) if sheet.kind == "count" else None
    if scope is not None and variant.id not in scope:
        raise Refused(f"{variant.sku} is not part of this count. Begin one for it, or put it back.", field="code")


def _batch(sheet: StockSheet, variant_id: int, lot: str, expires_on: date | None) -> tuple[Batch, date | None]:
    """The lot that is meant, with its expiry: as typed, else as scanned before, else the only one on the shelf."""
    if not lot:
        lot, expires_on = _meant(sheet, variant_id, expires_on)
    known = _known_expiry(sheet, variant_id, lot)
    if known is None:
        return Batch(variant_id, lot), expires_on
    if expires_on is not None and known[0] is not None and known[0] != expires_on:
        raise Refused(f"Lot {lot} of this article ends on {day(known[0], year=True)}.", field="expires_on")
    return Batch(variant_id, lot), known[0] or expires_on


def _meant(sheet: StockSheet, variant_id: int, expires_on: date | None) -> tuple[str, date | None]:
    mine = (SheetScan.sheet_id == sheet.id, SheetScan.variant_id == variant_id)
    before = select(SheetScan.lot, SheetScan.expires_on).where(*mine).order_by(SheetScan.id.desc()).limit(1)
    row = db.session.execute(before).first()
    if row is not None:
        return row.lot, expires_on or row.expires_on
    if sheet.kind == "delivery":
        return UNKNOWN_LOT, expires_on
    on_shelf = select(Lot.code, Lot.expires_on).join(Stock, Stock.lot_id == Lot.id)
    lots = db.session.execute(on_shelf.where(Stock.variant_id == variant_id, Stock.on_hand > 0).distinct()).all()
    if len(lots) > 1:
        raise Refused("More than one lot of it is on the shelf: type the lot that is printed on it.", field="lot")
    return (lots[0].code, lots[0].expires_on) if lots else (UNKNOWN_LOT, expires_on)


def _known_expiry(sheet: StockSheet, variant_id: int, lot: str) -> tuple[date | None] | None:
    """What the shelf, else this sheet, says of the lot; None when neither knows it."""
    kept = db.session.execute(select(Lot.expires_on).where(Lot.variant_id == variant_id, Lot.code == lot)).first()
    if kept is not None:
        return (kept[0],)
    same = (SheetScan.sheet_id == sheet.id, SheetScan.variant_id == variant_id, SheetScan.lot == lot)
    here = db.session.execute(select(SheetScan.expires_on).where(*same).order_by(SheetScan.id).limit(1)).first()
    return None if here is None else (here[0],)
