"""One client on one line of time: orders, sessions, appointments, plans, cases, answers; what a reader may not see is not on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.admin.clients.knowing import DECISIONS
from shop.cases.models import KINDS, Case
from shop.catalog.models import Treatment
from shop.core.db import db
from shop.intake.models import ClientFacts, ClientNote, CupboardItem, DiaryConsent, DiaryEntry, InformedConsent, Screening
from shop.orders.models import Order
from shop.plans.listing import Row
from shop.plans.models import Plan, PlanMessage
from shop.visits.diary import READS
from shop.visits.models import TreatmentRecord, Visit
from shop.wallet.models import Credit

MOST = 60
VISITS = {"booked": "booked", "arrived": "is here", "done": "done", "no_show": "did not come", "cancelled": "called off"}


@dataclass(frozen=True)
class Moment:
    """What happened when; `path` leads there, where there is a page."""

    at: datetime
    words: str
    path: str = ""


def timeline(client_id: int, reader: Any, plans: list[Row] | None) -> list[Moment]:
    """The newest first; a fixed number of statements. What speaks of health stands there for those who treat alone."""
    found: list[Moment] = []
    if reader.can("orders"):
        found += _orders(client_id)
    if reader.can("visits"):
        found += _visits(client_id)
        found += _credits(client_id)
    if reader.can("health"):
        found += _answers(client_id)
        found += _cases(client_id)
        found += _told(client_id, reader.role)
    found += [Moment(row.at, f"Plan, {row.state[0]}, by {row.consultant}", f"/admin/plans/{row.id}") for row in plans or ()]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _orders(client_id: int) -> Iterator[Moment]:
    mine = select(Order.number, Order.placed_at).where(Order.client_id == client_id, Order.placed_at.is_not(None))
    for row in db.session.execute(mine.order_by(Order.id.desc()).limit(MOST)):
        yield Moment(row.placed_at, f"Order {row.number}", f"/admin/orders/{row.number}")


def _visits(client_id: int) -> Iterator[Moment]:
    mine = select(Visit.number, Visit.starts_at, Visit.state, Visit.kind, Treatment.name).outerjoin(
        Treatment, Treatment.id == Visit.treatment_id
    )
    mine = mine.where(Visit.client_id == client_id, Visit.state != "moved")
    for row in db.session.execute(mine.order_by(Visit.starts_at.desc()).limit(MOST)):
        words = f"{row.name or row.kind.capitalize()}, {VISITS.get(row.state, row.state)}"
        yield Moment(row.starts_at, words, f"/admin/visits/{row.number}")


def _credits(client_id: int) -> Iterator[Moment]:
    mine = select(Credit).where(Credit.client_id == client_id, Credit.kind == "sessions").order_by(Credit.id.desc())
    for credit in db.session.scalars(mine.limit(MOST)):
        path = f"/admin/clients/{client_id}/sessions/{credit.code}"
        yield Moment(credit.made_at, f"{credit.granted} session{'s' * (credit.granted != 1)}: {credit.name}", path)


def _answers(client_id: int) -> Iterator[Moment]:
    """What each set of answers came to on its day; the answers themselves stand on a page of their own."""
    mine = select(Screening).where(Screening.client_id == client_id, Screening.withdrawn_at.is_(None))
    for row in db.session.scalars(mine.order_by(Screening.id.desc()).limit(MOST)):
        word = DECISIONS.get((row.decision or {}).get("decision", ""), ("", ""))[0]
        words = f"Questions answered: {word}" if word else "Questions answered"
        yield Moment(row.made_at, words, f"/admin/answers/{row.id}?why=advice")
        if row.signed_off_at is not None:
            yield Moment(row.signed_off_at, "Looked at and let pass", f"/admin/answers/{row.id}?why=advice")


def _told(client_id: int, role: str | None) -> Iterator[Moment]:
    """Records, consents, notes, pictures that this role may see, and messages about plans: that there are some, and where."""
    records = select(TreatmentRecord.saved_at, Visit.number).join(Visit, Visit.id == TreatmentRecord.visit_id)
    for saved_at, number in db.session.execute(records.where(TreatmentRecord.client_id == client_id).limit(MOST)):
        yield Moment(saved_at, "Record of a visit", f"/admin/visits/{number}/record")
    signed = select(InformedConsent.signed_at).where(InformedConsent.client_id == client_id)
    for at in db.session.scalars(signed.limit(MOST)):
        yield Moment(at, "Consent signed", f"/admin/answers/clients/{client_id}")
    for at in db.session.scalars(select(ClientNote.made_at).where(ClientNote.client_id == client_id).limit(MOST)):
        yield Moment(at, "Note", f"/admin/clients/{client_id}#notes")
    for at in db.session.scalars(select(ClientFacts.changed_at).where(ClientFacts.client_id == client_id)):
        yield Moment(at, "Allergies and the like, as they stand", f"/admin/answers/clients/{client_id}")
    for at in db.session.scalars(select(CupboardItem.made_at).where(CupboardItem.client_id == client_id).limit(MOST)):
        yield Moment(at, "Something in the cupboard", f"/admin/clients/{client_id}")
    pictures = select(DiaryEntry.made_at).join(DiaryConsent, DiaryConsent.entry_id == DiaryEntry.id)
    pictures = pictures.where(DiaryEntry.client_id == client_id, DiaryConsent.withdrawn_at.is_(None))
    for at in db.session.scalars(pictures.where(DiaryConsent.purpose == READS.get(role or "", "")).limit(MOST)):
        yield Moment(at, "Picture", f"/admin/clients/{client_id}/diary")
    messages = select(PlanMessage.made_at, PlanMessage.side, PlanMessage.plan_id).join(Plan, Plan.id == PlanMessage.plan_id)
    for row in db.session.execute(messages.where(Plan.client_id == client_id).limit(MOST)):
        words = "Message from the client" if row.side == "client" else "Message to the client"
        yield Moment(row.made_at, words, f"/admin/plans/{row.plan_id}")


def _cases(client_id: int) -> Iterator[Moment]:
    mine = select(Case.id, Case.kind, Case.opened_at, Case.closed_at).where(Case.client_id == client_id)
    for row in db.session.execute(mine.order_by(Case.id.desc()).limit(MOST)):
        state = "closed" if row.closed_at else "open"
        yield Moment(row.opened_at, f"{KINDS.get(row.kind, row.kind)}, {state}", f"/admin/cases/{row.id}")
