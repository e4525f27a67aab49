"""What waits for a consultant after a plan was sent: questions, plans nobody opened or bought, supplies that end, reviews."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from shop.accounts.assigning import Reader, seen_by
from shop.accounts.models import Client
from shop.core import clock
from shop.core.db import db
from shop.intake.diary import struggling
from shop.plans.events import events_of
from shop.plans.models import Plan, PlanMessage
from shop.plans.supplies import Supply, supplies_of

WAIT_DAYS = 3
LOOK_BACK, MOST = timedelta(days=180), 400
WORDS = {
    "question": "asks",
    "declined": "said no",
    "adjust": "adjust",
    "runs-out": "runs out",
    "review": "review due",
    "never-opened": "never opened",
    "not-bought": "opened, not bought",
}
ORDER = tuple(WORDS)


@dataclass(frozen=True)
class Task:
    """One line of the queue: why, since when, and a sentence."""

    kind: str
    plan_id: int
    client_id: int
    client: str
    since: datetime | date
    words: str

    @property
    def word(self) -> str:
        return WORDS[self.kind]

    @property
    def state(self) -> str:
        return {"question": "wait", "declined": "no", "review": "wait", "adjust": "wait", "runs-out": "open"}.get(
            self.kind, "quiet"
        )


def queue(*, consultant_id: int | None = None, reader: Reader | None = None) -> list[Task]:
    """In the order in which it matters; a fixed number of statements for any number of plans."""
    plans = _plans(consultant_id, reader)
    names = {plan.client_id: name for plan, name in plans}
    events = events_of(plan.id for plan, _ in plans) if plans else {}
    newest: dict[int, Plan] = {}
    for plan, _ in plans:
        newest.setdefault(plan.client_id, plan)
    tasks = [*_questions(consultant_id, reader)]
    for plan, name in plans:
        kinds = {event.kind: event for event in events.get(plan.id, ())}
        tasks += _of_plan(plan, name, kinds, is_newest=newest[plan.client_id] is plan)
    tasks += _responses(newest, names, events)
    quiet = {client_id for client_id, plan in newest.items() if plan.quiet_at is not None}
    supplies = supplies_of(names.keys() - quiet)
    tasks += [_runs_out(one, newest[one.client_id], names[one.client_id]) for one in supplies if _is_due(one)]
    return sorted(tasks, key=lambda task: (ORDER.index(task.kind), str(task.since), task.plan_id))


def count_waiting() -> int:
    """Questions without an answer, for the list of desks."""
    waiting = select(func.count(PlanMessage.id)).where(PlanMessage.side == "client", PlanMessage.answered_at.is_(None))
    return int(db.session.scalar(waiting) or 0)


def _plans(consultant_id: int | None, reader: Reader | None) -> list[tuple[Plan, str]]:
    sent = select(Plan, Client.name).join(Client, Client.id == Plan.client_id)
    sent = sent.where(Plan.state.in_(("sent", "accepted", "declined")), Plan.sent_at > clock.now() - LOOK_BACK)
    if consultant_id is not None:
        sent = sent.where(Plan.consultant_id == consultant_id)
    if reader is not None:
        sent = sent.where(seen_by(reader, Plan.client_id))
    rows = db.session.execute(sent.where(Client.erased_at.is_(None)).order_by(Plan.id.desc()).limit(MOST))
    return [(row.Plan, row.name) for row in rows]


def _of_plan(plan: Plan, name: str, kinds: dict[str, Any], *, is_newest: bool) -> Iterable[Task]:
    facts: dict[str, Any] = {"plan_id": plan.id, "client_id": plan.client_id, "client": name}
    sent_at = plan.sent_at or plan.made_at
    reviewed = kinds.get("reviewed")
    if (
        plan.review_on
        and plan.review_on <= clock.today()
        and (reviewed is None or clock.local(reviewed.at).date() < plan.review_on)
    ):
        yield Task("review", since=plan.review_on, words="The day of the review has come.", **facts)
    if not is_newest or "bought" in kinds or (reviewed is not None and reviewed.at > sent_at):
        return
    if plan.state == "declined":
        yield Task("declined", since=kinds["declined"].at, words=kinds["declined"].detail, **facts)
    elif clock.now() - sent_at > timedelta(days=WAIT_DAYS):
        if "seen" not in kinds:
            yield Task("never-opened", since=sent_at, words="The link has not been opened.", **facts)
        elif plan.state == "sent" or "added" in kinds:
            yield Task(
                "not-bought", since=kinds["seen"].at, words="In the bag." if "added" in kinds else "Looked at.", **facts
            )


def _questions(consultant_id: int | None, reader: Reader | None) -> list[Task]:
    rows = (
        select(PlanMessage.plan_id, Plan.client_id, Client.name, func.min(PlanMessage.made_at).label("since"))
        .join(Plan, Plan.id == PlanMessage.plan_id)
        .join(Client, Client.id == Plan.client_id)
        .where(PlanMessage.side == "client", PlanMessage.answered_at.is_(None))
        .group_by(PlanMessage.plan_id, Plan.client_id, Client.name)
    )
    if consultant_id is not None:
        rows = rows.where(Plan.consultant_id == consultant_id)
    if reader is not None:
        rows = rows.where(seen_by(reader, Plan.client_id))
    words = "A question waits for an answer."
    return [Task("question", row.plan_id, row.client_id, row.name, row.since, words) for row in db.session.execute(rows)]


def _responses(newest: dict[int, Plan], names: dict[int, str], events: dict[int, list[Any]]) -> Iterable[Task]:
    """Since the plan was sent or looked at again its client has told the consultant that it is hard to keep; what exactly, the diary says."""
    for client_id, at in struggling(newest).items():
        plan = newest[client_id]
        looked = [event.at for event in events.get(plan.id, ()) if event.kind == "reviewed"]
        if at > max([plan.sent_at or plan.made_at, *looked]):
            words = "The diary asks for another look at the plan."
            yield Task("adjust", plan.id, client_id, names[client_id], at, words)


def _is_due(supply: Supply) -> bool:
    today = clock.today()
    return supply.may_tell and supply.nudge_on <= today <= supply.runs_out_on + timedelta(days=30)


def _runs_out(supply: Supply, plan: Plan, name: str) -> Task:
    words = f"{supply.name} lasts until about {supply.runs_out_on.day} {supply.runs_out_on:%B}."
    return Task("runs-out", plan.id, supply.client_id, name, supply.nudge_on, words)
