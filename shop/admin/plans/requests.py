"""Requests that came through the pages: who waits since when, and how fast the clinic usually answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import func, select, update

from shop.accounts.guests import open_file
from shop.accounts.models import Client
from shop.core import clock
from shop.core.attention import AttentionEntry
from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict
from shop.core.history import record
from shop.storefront.models import ConsultationRequest
from shop.storefront.requesting import WHENS

PROMISED_HOURS, LOOK_BACK, MOST = 24, timedelta(days=30), 200


@dataclass(frozen=True)
class Request:
    """One person who asked; what it is about is read only where somebody opens it."""

    id: int
    kind: str
    name: str
    email: str
    phone: str
    when: str
    made_at: datetime
    is_late: bool


def open_requests() -> list[Request]:
    """Who waits longest comes first."""
    waiting = select(ConsultationRequest).where(ConsultationRequest.answered_at.is_(None))
    rows = db.session.scalars(waiting.order_by(ConsultationRequest.made_at).limit(MOST))
    late = clock.now() - timedelta(hours=PROMISED_HOURS)
    return [
        Request(
            row.id,
            row.kind,
            row.name,
            row.email,
            row.phone,
            WHENS.get(row.wanted_when, ""),
            row.made_at,
            row.made_at < late,
        )
        for row in rows
    ]


def count_open() -> int:
    waiting = select(func.count(ConsultationRequest.id)).where(ConsultationRequest.answered_at.is_(None))
    return int(db.session.scalar(waiting) or 0)


def usual_hours() -> int | None:
    """The median of the last thirty days, in whole hours; None when nothing was answered."""
    columns = select(ConsultationRequest.made_at, ConsultationRequest.answered_at)
    answered = columns.where(ConsultationRequest.answered_at > clock.now() - LOOK_BACK)
    took = [clock.elapsed_hours(row.made_at, row.answered_at) for row in db.session.execute(answered) if row.answered_at]
    return round(median(took)) if took else None


def get_request(request_id: int) -> ConsultationRequest:
    """Raises NotFound."""
    return one_or_404(select(ConsultationRequest).where(ConsultationRequest.id == request_id), "There is no such request.")


def answered(asked: ConsultationRequest, *, by: str) -> None:
    """Somebody has dealt with it; its entry in the attention list closes too. Raises Conflict when a colleague was quicker."""
    mine = update(ConsultationRequest).where(ConsultationRequest.id == asked.id, ConsultationRequest.answered_at.is_(None))
    if not changed(mine.values(answered_at=clock.now())):
        raise Conflict("A colleague has answered this one already.")
    key = f"consultation:{asked.id}"
    entry = update(AttentionEntry).where(AttentionEntry.key == key, AttentionEntry.resolved_at.is_(None))
    changed(entry.values(resolved_at=clock.now(), resolved_by=by, note="answered at the plan desk"))
    record(key, axis="state", was="open", now="answered", by=by)


def file_for(asked: ConsultationRequest) -> Client:
    """A new client file for somebody whom the clinic does not know; nobody is joined by an equal address alone."""
    return open_file(name=asked.name, email=asked.email, phone=asked.phone)


def known_files(asked: ConsultationRequest) -> list[Client]:
    """Files under the same address: a person decides whether one of them is meant."""
    same = select(Client).where(func.lower(Client.email) == asked.email.lower(), Client.erased_at.is_(None))
    return list(db.session.scalars(same.order_by(Client.id).limit(10)))


def about_of(asked: ConsultationRequest) -> list[tuple[str, str]]:
    """What was told, in the order in which it was asked."""
    told: dict[str, Any] = asked.about or {}
    words = {
        "treatment": "Treatment",
        "concern": "Concern",
        "skin": "Skin",
        "avoid": "Avoids",
        "have": "Has",
        "with": "With",
    }
    found = [(words.get(name, name.capitalize()), value) for name, value in told.items()]
    return [(name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)) for name, value in found]
