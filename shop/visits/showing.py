"""A client's appointments as their pages show them: what, when, with whom, and what can still be done about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from shop.core import clock
from shop.core.db import db
from shop.visits.cancelling import Consequence, consequence_of, free_until
from shop.visits.matters import WORDS
from shop.visits.models import Practitioner, Visit
from shop.visits.models.visit import TAKES_TIME
from shop.visits.rescheduling import can_move
from shop.wallet.models import Credit

STATES = {
    "booked": ("Booked", "open"),
    "arrived": ("You are here", "good"),
    "done": ("Done", "good"),
    "no_show": ("Missed", "no"),
    "cancelled": ("Cancelled", "quiet"),
    "moved": ("Moved", "quiet"),
}
PAST_SHOWN = 12


@dataclass(frozen=True)
class Shown:
    """One appointment. `count_words` is "Session 3 of 6", empty for what is not counted."""

    number: str
    name: str
    count_words: str
    kind: str
    starts_at: datetime
    leaves_at: datetime
    who: str
    state: tuple[str, str]
    is_ahead: bool
    is_confirmed: bool
    can_move: bool
    free_until: datetime
    consequence: Consequence
    has_aftercare: bool
    fee_minor: int = 0
    fee_paid: bool = False
    fee_due_at: datetime | None = None
    owed_minor: int = 0


@dataclass(frozen=True)
class Diary:
    """What lies ahead, soonest first, and what is over, latest first."""

    ahead: list[Shown]
    past: list[Shown]


def diary_of(client_id: int | None) -> Diary:
    """All in one statement."""
    if client_id is None:
        return Diary([], [])
    shown = _shown(_rows().where(Visit.client_id == client_id))
    ahead = [one for one in shown if one.is_ahead and one.leaves_at > clock.now()]
    past = [one for one in shown if one not in ahead and one.state is not STATES["moved"]]
    return Diary(ahead, past[::-1][:PAST_SHOWN])


def shown_of(visit: Visit) -> Shown:
    """One appointment, counted among the others of its series."""
    near = Visit.id == visit.id if visit.credit_id is None else Visit.credit_id == visit.credit_id
    return next(one for one in _shown(_rows().where(near)) if one.number == visit.number)


def count_words(rank: int, granted: int | None) -> str:
    """ "Session 3 of 6"; a single one is not counted."""
    return f"Session {rank} of {granted}" if granted and granted > 1 and rank else ""


def ranks(visits: Sequence[Visit], used: Mapping[int, int]) -> dict[int, int]:
    """Visit id → which one of its series it is; the visits come in order of time.

    `used` says how many of each credit are used: those without a visit here were had before, elsewhere.
    """
    known = Counter(visit.credit_id for visit in visits if visit.session in ("used", "lost"))
    seen = {credit_id: number - known[credit_id] for credit_id, number in used.items()}
    found = {}
    for visit in visits:
        if visit.credit_id is not None and visit.state in TAKES_TIME and visit.kind in ("session", "upkeep"):
            seen[visit.credit_id] = found[visit.id] = seen.get(visit.credit_id, 0) + 1
    return found


def _rows() -> Any:
    joined = select(Visit, Practitioner.name, Credit.name, Credit.granted, Credit.used).join(Practitioner)
    return joined.outerjoin(Credit, Credit.id == Visit.credit_id).order_by(Visit.starts_at, Visit.id)


def _shown(wanted: Any) -> list[Shown]:
    rows = db.session.execute(wanted).all()
    rank = ranks([row[0] for row in rows], {row[0].credit_id: row[4] for row in rows if row[0].credit_id})
    return [_one(row, rank.get(row[0].id, 0)) for row in rows]


def _one(row: Row, rank: int) -> Shown:
    visit, who, credit_name, granted, _used = row
    return Shown(
        number=visit.number,
        name=credit_name if credit_name and visit.kind != "consultation" else WORDS[visit.kind],
        count_words=count_words(rank, granted),
        kind=visit.kind,
        starts_at=visit.starts_at,
        leaves_at=visit.leaves_at,
        who=who,
        state=STATES[visit.state],
        is_ahead=visit.is_ahead,
        is_confirmed=visit.confirmed_at is not None,
        can_move=can_move(visit),
        free_until=free_until(visit),
        consequence=consequence_of(visit),
        has_aftercare=visit.state == "done" and visit.kind in ("session", "upkeep"),
        fee_minor=visit.fee_minor,
        fee_paid=visit.fee_order is not None,
        fee_due_at=visit.fee_due_at,
        owed_minor=visit.owed_minor if visit.still_owes else 0,
    )
