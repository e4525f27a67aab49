"""What Stripe tells us is kept before it is believed: a second delivery is the first, an unknown type is harmless."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from shop.core import clock
from shop.core.db import changed, db
from shop.payments.answers import Event
from shop.payments.models import InboxEvent

TRIES_BEFORE_ALARM = 8


def take_in(event: Event) -> None:
    """Store one event; delivered again it changes nothing. The caller commits, then answers 200."""
    now = clock.now()
    db.session.info.setdefault("nudges", []).append(event.id)
    row = {
        "event_id": event.id,
        "type": event.type,
        "object_id": event.object_id or "",
        "payload": _without_the_person(event),
        "received_at": now,
        "due_at": now,
        "tries": 0,
    }
    if db.session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as pg_insert

        db.session.execute(pg_insert(InboxEvent).values(**row).on_conflict_do_nothing(index_elements=["event_id"]))
    else:
        db.session.execute(insert(InboxEvent).prefix_with("OR IGNORE").values(**row))


def due_events(*, limit: int = 50) -> list[InboxEvent]:
    """Events still to be looked at, oldest first."""
    waiting = select(InboxEvent).where(InboxEvent.done_at.is_(None), InboxEvent.due_at <= clock.now())
    return list(db.session.scalars(waiting.order_by(InboxEvent.received_at, InboxEvent.event_id).limit(limit)))


def done(event_id: str, outcome: str) -> None:
    """This event has had its effect, or is known to have none."""
    row = update(InboxEvent).where(InboxEvent.event_id == event_id, InboxEvent.done_at.is_(None))
    changed(row.values(done_at=clock.now(), outcome=outcome))


def done_with(object_id: str, outcome: str) -> None:
    """The same for every waiting event of one Stripe object."""
    rows = update(InboxEvent).where(InboxEvent.object_id == object_id, InboxEvent.done_at.is_(None))
    changed(rows.values(done_at=clock.now(), outcome=outcome))


def later(event_id: str, *, tries: int) -> None:
    """Look again, doubling the wait up to an hour."""
    wait = timedelta(seconds=min(3600, 5 * 2**tries))
    row = update(InboxEvent).where(InboxEvent.event_id == event_id)
    changed(row.values(tries=tries + 1, due_at=clock.now() + wait))


def _without_the_person(event: Event) -> dict[str, Any]:
    """Only what finding the object again needs: name, address and e-mail in the event are not kept a second time."""
    wanted = ("id", "object", "client_reference_id", "metadata", "payment_intent", "payment_status", "status", "amount")
    kept = {name: event.object[name] for name in wanted if name in event.object}
    return {"object": kept, "livemode": event.livemode, "api_version": event.api_version}
