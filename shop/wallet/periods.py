"""How long sessions last: a pause moves their end on, an extension sets a new one, and what nobody used expires."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select, update

from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Conflict, Refused
from shop.core.ledger import Move
from shop.core.settings import setting
from shop.core.templating import day
from shop.wallet.models import Credit
from shop.wallet.moving import found, lock, move, moves_of, write
from shop.wallet.validity import thawed_expiry

BATCH = 500


def freeze(credit_id: int, *, cause: str, by: str, reason: str, on: date | None = None) -> None:
    """Pause: nothing can be booked or expire meanwhile; the right to cancel stays. Raises Conflict when paused already."""
    credit = lock(credit_id)
    if found(cause) is not None:
        return
    if credit.frozen_on is not None:
        raise Conflict(f"These sessions are paused since {day(credit.frozen_on)}.")
    start = on or clock.today()
    if start > credit.expires_on:
        raise Refused(f"These sessions ended on {day(credit.expires_on)}; there is nothing left to pause.")
    _write_period(credit, "freeze", cause=cause, by=by, reason=reason)
    changed(update(Credit).where(Credit.id == credit_id).values(frozen_on=start))


def unfreeze(credit_id: int, *, cause: str, by: str, on: date | None = None) -> date:
    """End the pause; the end moves on by as many days as it lasted. Returns the new last day."""
    credit = lock(credit_id)
    if found(cause) is not None:
        return credit.expires_on
    if credit.frozen_on is None:
        raise Conflict("These sessions are not paused.")
    ends = thawed_expiry(credit.expires_on, frozen_on=credit.frozen_on, thawed_on=on or clock.today())
    _write_period(credit, "unfreeze", cause=cause, by=by, reason="", expires_on=ends)
    changed(update(Credit).where(Credit.id == credit_id).values(frozen_on=None, expires_on=ends))
    return ends


def paused_by(credit_id: int) -> str:
    """The cause of the pause that runs; empty when none does."""
    moves = [one for one in moves_of(credit_id) if one.kind in ("freeze", "unfreeze")]
    return moves[-1].cause if moves and moves[-1].kind == "freeze" else ""


def extend(credit_id: int, *, days: int, cause: str, by: str, reason: str, is_ours: bool = False) -> date:
    """A later end. One by default is the client's for the asking; one that the clinic caused never counts.

    Raises Refused when the free ones are used up and no member of staff takes it on.
    """
    credit = lock(credit_id)
    if found(cause) is not None:
        return credit.expires_on
    if days < 1:
        raise Refused("An extension lasts at least a day.", field="days")
    if not reason.strip():
        raise Refused("Say why.", field="reason")
    if not is_ours and by.startswith("client") and not can_extend(credit):
        raise Refused("This package was extended before. Please call us; we find a way.")
    ends = max(credit.expires_on, clock.today()) + timedelta(days=days)
    _write_period(credit, "extend", cause=cause, by=by, reason=reason, expires_on=ends)
    counted = credit.extensions + (0 if is_ours else 1)
    changed(update(Credit).where(Credit.id == credit_id).values(expires_on=ends, extensions=counted))
    return ends


def can_extend(credit: Credit) -> bool:
    """Whether the client may still have a later end without asking anybody."""
    return bool(credit.extensions < setting("wallet.free_extensions"))


def expire_due(*, by: str = "worker") -> int:
    """Free sessions past their last day leave the wallet; booked ones stay. Returns how many credits, at most BATCH."""
    over = select(Credit.id).where(Credit.expires_on < clock.today(), Credit.free > 0, Credit.frozen_on.is_(None))
    ids = list(db.session.scalars(over.order_by(Credit.id).limit(BATCH)))
    for credit_id in ids:
        credit = lock(credit_id)
        if credit.free and credit.frozen_on is None and credit.expires_on < clock.today():
            cause = f"expire:{credit.code}:{len(moves_of(credit_id))}"
            move(credit_id, "expire", sessions=credit.free, cause=cause, by=by, reason="past the last day")
    return len(ids)


def revive(credit_id: int, *, sessions: int, days: int, cause: str, by: str, reason: str) -> date:
    """What expired comes back for so many days: the clinic's kindness, with a reason. Raises Conflict for too many."""
    move(credit_id, "revive", sessions=sessions, cause=cause, by=by, reason=reason)
    return extend(credit_id, days=days, cause=f"{cause}:extend", by=by, reason=reason, is_ours=True)


def _write_period(credit: Credit, kind: str, *, cause: str, by: str, reason: str, expires_on: date | None = None) -> None:
    past = moves_of(credit.id)
    planned = Move(kind=kind, sessions=0, cause=cause, by=by, at=clock.now(), reason=reason, expires_on=expires_on)
    write(credit, planned, [*past, planned])
