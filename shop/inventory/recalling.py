"""A lot is set aside, released or recalled: what stands on the shelf is not sold while its lot is not open."""

from __future__ import annotations

from sqlalchemy import select, update

from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.handlers import fire
from shop.core.history import record
from shop.inventory.holding import refresh_in_stock
from shop.inventory.models import Lot


def get_lot(lot_id: int) -> Lot:
    """Raises NotFound."""
    return one_or_404(select(Lot).where(Lot.id == lot_id), "There is no such lot.")


def set_aside(lot: Lot, *, reason: str, by: str) -> None:
    """open → quarantine."""
    _move(lot, since="open", state="quarantine", reason=reason, by=by)


def release(lot: Lot, *, reason: str, by: str) -> None:
    """quarantine → open."""
    _move(lot, since="quarantine", state="open", reason=reason, by=by)


def recall(lot: Lot, *, reason: str, advice: str, by: str) -> None:
    """open or quarantine → recalled, for good; fires "lot_recalled", which writes to everybody who got it.

    A second time changes nothing. `advice` is what the clients are asked to do.
    """
    if lot.state == "recalled":
        return
    _move(lot, since=lot.state, state="recalled", reason=reason, by=by)
    fire("lot_recalled", lot_id=lot.id, reason=reason, advice=advice, by=by)


def _move(lot: Lot, *, since: str, state: str, reason: str, by: str) -> None:
    if not reason.strip():
        raise Refused("Say why.", field="reason")
    moved = update(Lot).where(Lot.id == lot.id, Lot.state == since).values(state=state)
    if not changed(moved):
        raise Conflict("This lot has changed meanwhile. Look at it again, please.")
    record(f"lot:{lot.id}", axis="state", was=since, now=state, by=by, note=reason.strip())
    db.session.expire(lot)
    refresh_in_stock([lot.variant_id])
