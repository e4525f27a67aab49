"""An appointment is called off: free of charge until the clinic's notice, later as its terms say, and free whenever the clinic does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.core import clock, outbox
from shop.core.attention import raise_entry
from shop.core.errors import Conflict
from shop.core.money import money
from shop.core.settings import setting
from shop.core.templating import moment
from shop.visits import telling, wishing
from shop.visits.booking import cause_of
from shop.visits.changing import change, check_state, fee_is_used
from shop.visits.models import Visit
from shop.wallet import moving

FREE, SESSION, FEE, KEPT = "free", "session", "fee", "kept"
FEE_BACK = "visit.fee_back"


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
    late, fee = setting("visits.late"), setting("visits.late_fee_minor")
    if is_late and late == SESSION and visit.session == "held":
        return Consequence(SESSION, "The session counts as used, because it is so close to the appointment.", is_late)
    if is_late and late == FEE and fee:
        return Consequence(FEE, f"A fee of {money(fee)} is due, because it is so close to the appointment.", is_late)
    if is_late and visit.fee_order:
        paid = money(visit.fee_minor)
        return Consequence(KEPT, f"The fee of {paid} is not paid back, because it is so close to the appointment.", is_late)
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
        _give_fee_back(visit, by=by)
    wishing.freed(visit)
    if tells:
        telling.cancelled(visit, session_words=words or due.words.split(" That is so until")[0], ours=ours)
    return due


def _free_words(visit: Visit) -> str:
    if visit.credit_id:
        return "Your session stays yours."
    return f"The fee of {money(visit.fee_minor)} goes back to you." if visit.fee_order else "It costs you nothing."


def _give_fee_back(visit: Visit, *, by: str) -> None:
    """By whoever keeps the money, in a transaction of its own: orders are locked before visits there."""
    facts = {"order_number": visit.fee_order, "why": "The consultation was called off", "by": by}
    outbox.put(FEE_BACK, facts, key=f"{FEE_BACK}:{visit.fee_order}")


def _settle(visit: Visit, due: Consequence, *, by: str) -> None:
    if due.takes == FEE:
        _ask_for_fee(visit)
    if visit.credit_id is None or visit.session != "held":
        return
    if due.takes == SESSION:
        moving.no_show(visit.credit_id, cause=cause_of(visit, "late"), by=by)
        visit.session = "lost"
        return
    moving.release(visit.credit_id, cause=cause_of(visit, "release"), by=by)
    visit.session = "free"


def _ask_for_fee(visit: Visit) -> None:
    raise_entry(
        "visit",
        subject=f"visit:{visit.number}",
        reason=f"Cancelled late: a fee of {money(setting('visits.late_fee_minor'))} is due by the clinic's terms.",
        what_to_do="Take it at the next visit, or waive it; then close this entry.",
        key=f"visit:{visit.number}:{visit.turn}:fee",
    )
