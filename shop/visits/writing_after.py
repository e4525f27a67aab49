"""After a treatment the client hears from the clinic on the days that matter, and months later when upkeep is due.

Every promise names the visit and its turn: what was undone, moved or booked meanwhile is not written about.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from shop.accounts.models import Client
from shop.catalog.models import Treatment
from shop.core import clock, mail, outbox
from shop.core.db import db
from shop.core.settings import setting
from shop.visits.finding import find_visit
from shop.visits.following import Care, care_of
from shop.visits.links import site, visit_link
from shop.visits.models import Visit
from shop.visits.models.visit import TAKES_TIME
from shop.wallet.models import Credit

AFTER, RECALL = "visit.after", "visit.recall"
IN_THE_MORNING = time(8)


def promise(visit: Visit) -> None:
    """One e-mail for each day on which a stage begins; the first goes out now. The last session promises a recall."""
    care = care_of(visit)
    if care is None:
        return
    for day in sorted({_day(care, stage.starts) for stage in care.stages()}):
        key = f"{AFTER}:{visit.number}:{visit.turn}:{day}"
        facts = {"number": visit.number, "turn": visit.turn, "day": day}
        outbox.put(AFTER, facts, key=key, due_at=_due(care, day))
    if visit.credit_id is not None:
        _promise_recall(visit)


def write(*, number: str, turn: int, day: int) -> None:
    """Outbox handler: what begins on that day, and what still waits."""
    visit = find_visit(number)
    if visit is None or visit.turn != turn or visit.state != "done":
        return
    care, client = care_of(visit), db.session.get_one(Client, visit.client_id)
    if care is None or client.erased_at is not None or not client.email:
        return
    begins = [stage for stage in care.stages() if _day(care, stage.starts) == day]
    waiting = {entry.thing: entry.sentence for stage in begins for entry in stage.waiting}
    mail.send(
        "visit_after",
        to=client.email,
        subject=f"{'The first days' if day == 0 else f'Day {day}'}: a note from {setting('clinic.name')}",
        key=f"visit_after:{number}:{turn}:{day}",
        name=client.name,
        stages=[(stage.title, list(stage.lines)) for stage in begins],
        waiting=list(waiting.values()),
        link=visit_link(visit, "aftercare"),
    )


def recall(*, number: str, turn: int) -> None:
    """Outbox handler: upkeep is proposed once, unless the client was there or has booked since."""
    visit = find_visit(number)
    if visit is None or visit.turn != turn or visit.state != "done" or _has_been_since(visit):
        return
    client = db.session.get_one(Client, visit.client_id)
    slug = db.session.scalar(select(Treatment.slug).where(Treatment.id == visit.treatment_id))
    if client.erased_at is not None or not client.email or not slug:
        return
    mail.send(
        "visit_recall",
        to=client.email,
        subject=f"Is it time to see you again? {setting('clinic.name')}",
        key=f"visit_recall:{number}",
        promotes_to=client.id,
        name=client.name,
        link=f"{site()}/account/visits/new",
        offers=f"{site()}/treatments/{slug}",
    )


def _promise_recall(visit: Visit) -> None:
    credit = db.session.get_one(Credit, visit.credit_id)
    db.session.refresh(credit)
    if credit.free or credit.held - credit.reserved:
        return
    due = clock.at_local(clock.today() + timedelta(days=setting("visits.recall_days")), IN_THE_MORNING)
    facts = {"number": visit.number, "turn": visit.turn}
    outbox.put(RECALL, facts, key=f"{RECALL}:{visit.number}:{visit.turn}", due_at=due)


def _has_been_since(visit: Visit) -> bool:
    later = select(Visit.id).where(
        Visit.client_id == visit.client_id,
        Visit.treatment_id == visit.treatment_id,
        Visit.starts_at > visit.starts_at,
        Visit.state.in_(TAKES_TIME),
    )
    return db.session.scalar(later.limit(1)) is not None


def _day(care: Care, starts: datetime) -> int:
    """Days after the treatment; what begins in its first twelve hours goes with the first e-mail."""
    if starts - care.since < timedelta(hours=12):
        return 0
    return (clock.local(starts).date() - clock.local(care.since).date()).days


def _due(care: Care, day: int) -> datetime:
    if day == 0:
        return clock.now()
    return clock.at_local(clock.local(care.since).date() + timedelta(days=day), IN_THE_MORNING)
