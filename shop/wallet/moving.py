"""Sessions move, under the credit's lock: the pure ledger says what moves, a row says that it did, counters repeat the sum.

Races, once: every move locks its credit's row first (on SQLite the whole database), reads the rows, computes, writes.
Two desks that redeem the last session wait for each other; the second finds none and reads who was first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from shop.accounts.naming import name_of_actor
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Conflict, NotFound, Refused
from shop.core.ledger import Balance, Move, balance, next_move
from shop.core.units import Unit, unpack
from shop.wallet.models import Credit, CreditMove


def book(credit_id: int, *, cause: str, by: str) -> Move:
    """Hold one session for a visit. Raises Conflict when none is free."""
    return move(credit_id, "book", cause=cause, by=by)


def release(credit_id: int, *, cause: str, by: str, reason: str = "") -> Move:
    """A booked visit does not take place: its session is free again."""
    return move(credit_id, "release", cause=cause, by=by, reason=reason)


def redeem(credit_id: int, *, cause: str, by: str) -> Move:
    """The visit took place. Raises Conflict, naming who was quicker, when no booked session is left."""
    return move(credit_id, "redeem", cause=cause, by=by)


def no_show(credit_id: int, *, cause: str, by: str) -> Move:
    """Nobody came and the clinic's terms take the session; the skin was not treated."""
    return move(credit_id, "no_show", cause=cause, by=by)


def reverse(credit_id: int, *, cause: str, by: str, reason: str) -> Move:
    """Undo a redeem or no-show: the visit stands as booked again."""
    return move(credit_id, "reverse", cause=cause, by=by, reason=_needed(reason))


def move(credit_id: int, kind: str, *, sessions: int = 1, cause: str, by: str, reason: str = "") -> Move:
    """Any move of sessions. The same `cause` a second time is the first, and changes nothing."""
    credit = lock(credit_id)
    done = found(cause)
    if done is not None:
        return done
    past = moves_of(credit_id)
    try:
        planned = next_move(
            past, units_of(credit), kind, sessions=sessions, cause=cause, by=by, at=clock.now(), reason=reason
        )
    except Conflict as conflict:
        raise Conflict(_who_was_quicker(conflict.sentence, past)) from None
    write(credit, planned, [*past, planned])
    return planned


def lock(credit_id: int) -> Credit:
    """The credit, locked until the transaction ends. Raises NotFound."""
    row = db.session.scalars(
        select(Credit).where(Credit.id == credit_id).with_for_update(), execution_options={"populate_existing": True}
    ).first()
    if row is None:
        raise NotFound("These sessions are not here.")
    return row


def write(credit: Credit, planned: Move, moves: Sequence[Move]) -> None:
    """Add the row and set the counters to what the rows now add up to."""
    db.session.execute(insert(CreditMove).values(**_row(credit.id, planned)))
    sums = balance(moves)
    counters = {"free": sums.free, "held": sums.held, "used": sums.used, "reserved": sums.reserved}
    changed(update(Credit).where(Credit.id == credit.id).values(**counters))
    db.session.expire(credit)


def moves_of(credit_id: int) -> list[Move]:
    """Oldest first."""
    rows = select(CreditMove).where(CreditMove.credit_id == credit_id).order_by(CreditMove.id)
    return [as_move(row) for row in db.session.scalars(rows)]


def balance_of(credit_id: int) -> Balance:
    return balance(moves_of(credit_id))


def units_of(credit: Credit) -> tuple[Unit, ...]:
    """What each session was paid for, in the order of use."""
    return unpack(credit.units)


def as_move(row: Any) -> Move:
    """A row of the table, or of a statement that names its columns."""
    return Move(
        kind=row.kind,
        sessions=row.sessions,
        cause=row.cause,
        by=row.by,
        at=row.at,
        gross_minor=row.gross_minor,
        vat_minor=row.vat_minor,
        expires_on=row.expires_on,
        reason=row.reason,
    )


def _row(credit_id: int, planned: Move) -> dict[str, Any]:
    names = ("kind", "sessions", "cause", "by", "gross_minor", "vat_minor", "expires_on", "reason")
    facts = {name: getattr(planned, name) for name in names}
    return {"credit_id": credit_id, "at": planned.at or clock.now(), **facts}


def found(cause: str) -> Move | None:
    """The move of this cause, if it was made before."""
    row = db.session.scalars(select(CreditMove).where(CreditMove.cause == cause)).first()
    return None if row is None else as_move(row)


def _who_was_quicker(sentence: str, past: Iterable[Move]) -> str:
    last = next((m for m in reversed(list(past)) if m.kind in ("redeem", "book", "no_show")), None)
    if last is None or last.at is None:
        return sentence
    at = clock.local(last.at)
    return f"{sentence} The last was taken at {at:%H:%M} on {at.day} {at:%B} by {name_of_actor(last.by)}."


def _needed(reason: str) -> str:
    if not reason.strip():
        raise Refused("Say why.", field="reason")
    return reason
