"""A visit is booked: a free time, at its distance from the last session, with one session held for it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.core.settings import setting
from shop.visits import calendars, early, fees, telling, wishing
from shop.visits.matters import Matter
from shop.visits.models import Visit
from shop.visits.occupying import TAKEN, lock_days, take
from shop.visits.offering import Bounds, bounds_of
from shop.visits.slots import Slot, free_slots, slot_at
from shop.wallet import moving
from shop.wallet.granting import ALPHABET


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What somebody chose. `asked_early` is the ticked request to start within the window of withdrawal.

    `override` is the reason for which staff set the spacing aside; whether they may is decided by their role, before.
    """

    starts_at: datetime
    practitioner_id: int | None = None
    asked_early: bool = False
    override: str = ""
    is_staff: bool = False

    @property
    def on(self) -> date:
        return clock.local(self.starts_at).date()


def book(matter: Matter, choice: Choice, *, cause: str, by: str, tells: bool = True) -> Visit:
    """Take the time and hold one session. The same `cause` a second time is the first visit.
    Without `tells` the client gets no confirmation, only the reminder: it was agreed elsewhere.

    Raises Conflict when the time is taken by now or no session is free, Refused when a rule speaks against it.
    Locks the day, then the credit.
    """
    known = db.session.scalars(select(Visit).where(Visit.cause == cause)).first()
    if known is not None:
        return known
    lock_days([choice.on])
    bounds = bounds_of(matter, is_staff=choice.is_staff)
    check_rules(matter, bounds, choice)
    visit = _visit(matter, find_slot(matter, bounds, choice), cause=cause, by=by)
    visit.fee_due_at = None if choice.is_staff else fees.kept_until(visit.fee_minor, visit.starts_at)
    visit.gap_index = bounds.check(choice.on).gap_number if matter.credit else None
    take(visit)
    if matter.credit is not None:
        hold(visit, asked_early=choice.asked_early, by=by)
    record(f"visit:{visit.number}", axis="state", was=None, now="booked", by=by, note=choice.override or None)
    fees.promise_release(visit)
    wishing.booked(visit)
    if tells:
        telling.booked(visit, late_words=fees.late_words(matter.kind, is_prepaid=matter.credit is not None))
    else:
        telling.promise_reminder(visit)
    return visit


def find_slot(matter: Matter, bounds: Bounds, choice: Choice, *, without: int | None = None) -> Slot:
    """The chosen time with who is free then. Clients choose from the offered starts, staff any. Raises Conflict."""
    diaries = calendars.load(
        choice.on, choice.on, treatment_id=matter.treatment_id, gives=matter.gives, without=[without] if without else ()
    )
    plan = diaries.plan(choice.on, client_id=matter.client_id)
    same = {"practitioner_id": choice.practitioner_id}
    if choice.is_staff:
        found = slot_at(plan, matter.length, starts_at=choice.starts_at, **same)
    else:
        step = setting("visits.step_minutes")
        offered = free_slots(plan, matter.length, step_minutes=step, not_before=bounds.not_before, **same)
        found = next((slot for slot in offered if slot.starts_at == choice.starts_at), None)
    if found is None:
        raise Conflict(TAKEN)
    return found


def check_rules(matter: Matter, bounds: Bounds, choice: Choice) -> None:
    """Everything besides the diaries that may forbid a time. Raises Refused with the reason."""
    if choice.on > bounds.until or (choice.starts_at < bounds.not_before and not choice.is_staff):
        raise Refused(
            f"Appointments can be booked up to {setting('visits.horizon_days')} days ahead, and not for the past."
        )
    admission = bounds.admission
    if admission.problem and not (admission.first and choice.on >= admission.first):
        raise Refused(admission.problem)
    problems = bounds.check(choice.on).problems
    if problems and not choice.override.strip():
        raise Refused(" ".join(problems), field="starts_at")
    if matter.credit is not None and early.must_ask(matter.credit, on=choice.on) and not choice.asked_early:
        raise Refused(early.ASK, field="express")


def hold(visit: Visit, *, asked_early: bool, by: str) -> None:
    """Hold one session of the visit's credit, with the request for an early start where one is needed. Locks the credit."""
    assert visit.credit_id is not None
    credit = moving.lock(visit.credit_id)
    request = early.keep_request(credit, on=clock.local(visit.starts_at).date(), asked=asked_early, by=by)
    visit.express_version, visit.express_at = request or (None, None)
    moving.book(visit.credit_id, cause=cause_of(visit, "book"), by=by)
    visit.session = "held"
    db.session.flush()


def cause_of(visit: Visit, act: str) -> str:
    """The cause of a move in the ledger; each undoing begins a new turn, so that acts can be done again."""
    return f"visit:{visit.uid}:{visit.turn}:{act}"


def draw_number() -> str:
    return "V-" + "".join(secrets.choice(ALPHABET) for _ in range(7))


def _visit(matter: Matter, slot: Slot, *, cause: str, by: str) -> Visit:
    number, now = draw_number(), clock.now()
    return Visit(
        number=number,
        client_id=matter.client_id,
        credit_id=matter.credit.id if matter.credit else None,
        kind=matter.kind,
        treatment_id=matter.treatment_id,
        practitioner_id=slot.practitioner_id,
        room_id=slot.room_id,
        starts_at=slot.starts_at,
        leaves_at=slot.leaves_at,
        ends_at=slot.starts_at + timedelta(minutes=matter.length.minutes + matter.length.buffer_minutes),
        state="booked",
        session="free" if matter.credit else "none",
        turn=0,
        fee_minor=fees.fee_of(matter.kind),
        late_fee_minor=fees.late_fee(matter.kind),
        changed_at=now,
        uid=number,
        sequence=0,
        cause=cause,
        by=by,
        made_at=now,
    )
