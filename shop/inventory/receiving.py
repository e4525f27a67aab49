"""Goods come in: on hand grows by a movement, in a lot, at a place."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select, update

from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Refused
from shop.inventory.holding import refresh_in_stock
from shop.inventory.models import MAIN_LOCATION, UNKNOWN_LOT, Location, Lot, Stock, StockMovement


def receive(
    variant_id: int,
    *,
    units: int,
    cause: str,
    by: str,
    lot: str = UNKNOWN_LOT,
    expires_on: date | None = None,
    reason: str | None = None,
    location_id: int | None = None,
) -> Stock:
    """Count goods in. The same cause a second time is refused by the database (IntegrityError)."""
    if units <= 0:
        raise Refused("Count in at least one.", field="units")
    stock = _stock_row(variant_id, lot=lot, expires_on=expires_on, location_id=location_id or main_location().id)
    _move(stock, units, kind="receive", cause=cause, by=by, reason=reason)
    return stock


def adjust(stock: Stock, *, units: int, cause: str, by: str, reason: str) -> None:
    """Correct a shelf by `units` (negative takes away) with a reason. Raises Refused below what is promised."""
    if not reason.strip():
        raise Refused("Say why the shelf changes.", field="reason")
    _move(stock, units, kind="adjust", cause=cause, by=by, reason=reason)


def main_location() -> Location:
    """The one shelf every shop begins with; made when first needed."""
    location = db.session.scalars(select(Location).where(Location.slug == MAIN_LOCATION)).first()
    if location is None:
        location = Location(slug=MAIN_LOCATION, name="Shop")
        db.session.add(location)
        db.session.flush()
    return location


def _stock_row(variant_id: int, *, lot: str, expires_on: date | None, location_id: int) -> Stock:
    batch = db.session.scalars(select(Lot).where(Lot.variant_id == variant_id, Lot.code == lot)).first()
    if batch is None:
        batch = Lot(variant_id=variant_id, code=lot, expires_on=expires_on, state="open")
        db.session.add(batch)
        db.session.flush()
    here = select(Stock).where(Stock.variant_id == variant_id, Stock.location_id == location_id, Stock.lot_id == batch.id)
    stock = db.session.scalars(here).first()
    if stock is None:
        stock = Stock(variant_id=variant_id, location_id=location_id, lot_id=batch.id, on_hand=0, allocated=0, held=0)
        db.session.add(stock)
        db.session.flush()
    return stock


def _move(stock: Stock, units: int, *, kind: str, cause: str, by: str, reason: str | None) -> None:
    if units == 0:
        return
    stays = Stock.on_hand + units >= Stock.allocated + Stock.held
    if not changed(update(Stock).where(Stock.id == stock.id, stays).values(on_hand=Stock.on_hand + units)):
        raise Refused("More than that is promised to orders already.", field="units")
    row = {"stock_id": stock.id, "kind": kind, "on_hand_change": units, "allocated_change": 0, "cause": cause}
    db.session.execute(insert(StockMovement).values(**row, by=by, reason=reason, at=clock.now()))
    db.session.expire(stock)
    refresh_in_stock([stock.variant_id])
