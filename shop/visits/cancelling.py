"""An appointment is called off: free of charge until the clinic's notice, later as its terms say, and free whenever the clinic does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.core import clock, outbox
from shop.core.attention import raise_entry
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.core.money import money
from shop.core.settings import setting
from shop.core.templating import moment
from shop.visits import telling, wishing
from shop.visits.booking import cause_of
from shop.visits.changing import change, check_state, fee_is_used
from shop.visits.finding import find_visit, locked
from shop.visits.models import Visit
from shop.wallet import moving

FREE, SESSION, FEE, KEPT = "free", "session", "fee", "kept"
FEE_BACK = "visit.fee_back"
OWED, PATIENCE = "visit.owed", timedelta(days=14)
CLOSE = "because it is so close to the appointment."


@dataclass(frozen=True)
class Consequence:
    """What calling off would cost now: `takes` is free, session, fee or kept; `words` say it before and after."""

    takes: str
    words: str
    is_late: bool


def free_until(visit: Visit) -> datetime:
    return visit.starts_at - timedelta(hours=setting("visits.notice_hours"))


def consequence_of(visit: Visit) -> Consequence:
    """By the clinic's terms, at this moment."""
    is_late = clock.now() > free_until(visit)
    if is_late and setting("visits.late") == SESSION and visit.session == "held":
        return Consequence(SESSION, f"The session counts as used, {CLOSE}", is_late)
    if is_late and visit.fee_order:
        return Consequence(KEPT, f"The fee of {money(visit.fee_minor)} is not paid back, {CLOSE}", is_late)
    if is_late and visit.late_fee_minor:
        return Consequence(FEE, f"A fee of {money(visit.late_fee_minor)} is due, {CLOSE}", is_late)
    words = _free_words(visit)
    until = "" if is_late else f" That is so until {moment(free_until(visit))}."
    return Consequence(FREE, words + until, is_late)


def cancel(
    visit: Visit,
    *,
    by: str,
    seen: str | None = None,
    waived: bool = False,
    ours: bool = False,
    tells: bool = True,
    words: str = "",
) -> Consequence:
    """booked or arrived → cancelled. `seen` is what the person was told it would cost; `waived` and `ours` make it free.

    Raises Conflict when the state or the consequence has changed since the page was shown. Locks visit, then credit.
    """
    visit = check_state(visit, "booked", "arrived")
    due = consequence_of(visit)
    if waived or ours:
        due = Consequence(FREE, _free_words(visit), due.is_late)
    elif seen is not None and seen != due.takes:
        raise Conflict(f"The time in which cancelling was free has just passed. {due.words} Nothing was cancelled yet.")
    _settle(visit, due, by=by)
    change(visit, "cancelled", by=by, note="late" if due.is_late and due.takes != FREE else None)
    if due.takes == KEPT:
        fee_is_used(visit, used=True)
    if visit.fee_order and due.takes == FREE:
        give_fee_back(visit, visit.fee_order, by=by)
    wishing.freed(visit)
    if tells:
        said = words or due.words.split(" That is so until")[0]
        telling.cancelled(visit, session_words=said, ours=ours)
    return due


def waive(visit: Visit, *, by: str, reason: str) -> None:
    """Staff let a fee for calling off late pass. Locks the visit. Raises Refused without a reason or without a fee."""
    if not reason.strip():
        raise Refused("Say why.", field="reason")
    visit = locked(visit)
    if not visit.still_owes:
        raise Refused("Nothing is due for this appointment any more.")
    record(f"visit:{visit.number}", axis="late fee", was=str(visit.owed_minor), now="waived", by=by, note=reason.strip())
    visit.owed_minor = 0
    db.session.flush()


def remind_staff(*, number: str) -> None:
    """Outbox handler: a fee that nobody has paid in two weeks is a person's to remind of or to waive."""
    visit = find_visit(number)
    if visit is not None and visit.still_owes:
        raise_entry(
            "visit",
            subject=f"visit:{number}",
            reason=f"The fee of {money(visit.owed_minor)} for calling off late was asked for two weeks ago and is not paid.",
            what_to_do="Take it at the next visit, or waive it on the page of this appointment; then close this entry.",
            key=f"visit:{number}:{visit.turn}:fee",
        )


def give_fee_back(visit: Visit, order_number: str, *, by: str) -> None:
    """By whoever keeps the money, in a transaction of its own: orders are locked before visits there."""
    facts = {"order_number": order_number, "why": "The appointment was called off", "by": by}
    outbox.put(FEE_BACK, facts, key=f"{FEE_BACK}:{order_number}")


def _free_words(visit: Visit) -> str:
    if visit.credit_id:
        return "Your session stays yours."
    return f"The fee of {money(visit.fee_minor)} goes back to you." if visit.fee_order else "It costs you nothing."


def _settle(visit: Visit, due: Consequence, *, by: str) -> None:
    if due.takes == FEE:
        visit.owed_minor = visit.late_fee_minor
        outbox.put(OWED, {"number": visit.number}, key=f"{OWED}:{visit.number}:{visit.turn}", due_at=clock.now() + PATIENCE)
    if visit.credit_id is None or visit.session != "held":
        return
    if due.takes == SESSION:
        moving.no_show(visit.credit_id, cause=cause_of(visit, "late"), by=by)
        visit.session = "lost"
        return
    moving.release(visit.credit_id, cause=cause_of(visit, "release"), by=by)
    visit.session = "free"
