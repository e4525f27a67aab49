"""Somebody leaves: what waited with them goes on with a colleague, and nothing falls between two chairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update

from shop.accounts.assigning import BOUND, assign, unassign
from shop.accounts.models import Assignment, User
from shop.cases.models import Case
from shop.cases.working import assign as give_case
from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.db import changed, db
from shop.core.errors import Refused, ShopError
from shop.core.history import record
from shop.plans.models import Plan, PlanMessage, Protocol
from shop.visits.absences import nearest
from shop.visits.booking import Choice
from shop.visits.models import Practitioner, Visit
from shop.visits.rescheduling import move

OPEN_PLANS = ("draft", "sent")  # what was accepted stays with whoever earned it; its questions do not


@dataclass(frozen=True)
class Left:
    """What still waits with somebody, as numbers of rows."""

    visits: int
    plans: int
    clients: int
    cases: int

    def __bool__(self) -> bool:
        return any((self.visits, self.plans, self.clients, self.cases))


@dataclass(frozen=True)
class Handed:
    """`stuck` are the numbers of appointments for which no time was found."""

    visits: int
    plans: int
    clients: int
    cases: int
    stuck: tuple[str, ...] = ()


def left_with(user: User) -> Left:
    """Four statements."""
    plans = select(func.count(Plan.id)).where(_open_plans(user.id))
    clients = select(func.count(Assignment.id)).where(Assignment.user_id == user.id)
    cases = select(func.count(Case.id)).where(Case.owner_id == user.id, Case.closed_at.is_(None))
    numbers = [db.session.scalar(one) or 0 for one in (plans, clients, cases)]
    return Left(len(_visits(user.id)), *numbers)


def hand_over(user: User, to: User, *, cause: str, by: str) -> Handed:
    """Appointments, plans with their open questions, clients and cases go to a colleague; a second time finds nothing.

    An appointment keeps its time with the colleague, else moves to the first free one near it, and the client is told; what
    finds no place stays and waits in the attention list. Raises Refused for somebody who cannot take over. Locks each visit.
    """
    if to.id == user.id or not to.is_staff or to.disabled_at is not None:
        raise Refused("Choose a colleague who works here.", field="to")
    moved, stuck = _hand_visits(user, to, cause=cause, by=by)
    plans = changed(update(Plan).where(_open_plans(user.id)).values(consultant_id=to.id))
    changed(update(Protocol).where(Protocol.owner_id == user.id).values(owner_id=None))
    clients = _hand_clients(user.id, to, by=by)
    cases = db.session.scalars(select(Case).where(Case.owner_id == user.id, Case.closed_at.is_(None))).all()
    for case in cases:
        give_case(case, to=to.id, by=by)
    done = Handed(moved, plans, clients, len(cases), stuck)
    if any((moved, plans, clients, cases, stuck)):
        counts = {"visits": moved, "plans": plans, "clients": clients, "cases": len(cases), "stuck": list(stuck)}
        record(f"user:{user.id}", axis="handed over", was=None, now=f"user:{to.id}", by=by, details=counts)
    return done


def _hand_visits(user: User, to: User, *, cause: str, by: str) -> tuple[int, tuple[str, ...]]:
    """Nobody books the one who leaves from now on; how many moved, and which did not."""
    visits = _visits(user.id)
    changed(update(Practitioner).where(Practitioner.user_id == user.id).values(is_active=False))
    colleague = db.session.scalars(select(Practitioner).where(Practitioner.user_id == to.id)).first()
    stuck = [visit.number for visit in visits if not _hand_visit(visit, colleague, cause=cause, by=by)]
    for number in stuck:
        raise_entry(
            "visit",
            subject=f"visit:{number}",
            reason=f"{user.name or user.email} has left, and no other time was found for appointment {number}.",
            what_to_do="Ring the client and find a time together, or call the appointment off.",
            key=f"left:{number}",
            urgent=True,
        )
    return len(visits) - len(stuck), tuple(stuck)


def _hand_visit(visit: Visit, colleague: Practitioner | None, *, cause: str, by: str) -> bool:
    wanted = []
    if colleague is not None:
        wanted.append(Choice(starts_at=visit.starts_at, practitioner_id=colleague.id, is_staff=True))
    slot = nearest(visit)
    if slot is not None:
        wanted.append(Choice(starts_at=slot.starts_at, practitioner_id=slot.practitioner_id, is_staff=True))
    return any(_moves(visit, choice, cause=f"{cause}:{visit.number}", by=by) for choice in wanted)


def _moves(visit: Visit, choice: Choice, *, cause: str, by: str) -> bool:
    try:
        with db.session.begin_nested():
            move(visit, choice, cause=cause, by=by, ours=True)
    except ShopError:
        return False
    return True


def _hand_clients(user_id: int, to: User, *, by: str) -> int:
    """Only a consultant looks after clients; with anybody else they are the whole clinic's again."""
    mine = list(db.session.scalars(select(Assignment.client_id).where(Assignment.user_id == user_id)))
    for client_id in mine:
        if to.role == BOUND:
            assign(client_id, to.id, by=by)
        unassign(client_id, user_id, by=by)
    return len(mine)


def _visits(user_id: int) -> Sequence[Visit]:
    ahead = select(Visit).join(Practitioner, Practitioner.id == Visit.practitioner_id)
    mine = ahead.where(Practitioner.user_id == user_id, Visit.state == "booked", Visit.starts_at > clock.now())
    return db.session.scalars(mine.order_by(Visit.starts_at, Visit.id)).all()


def _open_plans(user_id: int) -> ColumnElement[bool]:
    asked = select(PlanMessage.plan_id).where(PlanMessage.side == "client", PlanMessage.answered_at.is_(None))
    return (Plan.consultant_id == user_id) & (Plan.state.in_(OPEN_PLANS) | Plan.id.in_(asked))
