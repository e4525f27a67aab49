"""Who has to wait hears on the day on which the wait is over, in words that say nothing of why."""

from __future__ import annotations

from datetime import date, time

from flask import current_app
from sqlalchemy import select

from shop.accounts.models import Client
from shop.core import clock, mail, outbox
from shop.core.db import db
from shop.core.settings import setting
from shop.intake.models import Screening
from shop.intake.standing import standing_of

KIND = "intake.remind"
AT = time(9)


def promise(screening_id: int, *, until: date) -> None:
    """Look again on that morning; the row keeps no address and no reason."""
    key = f"{KIND}:{screening_id}:{until.isoformat()}"
    outbox.put(KIND, {"screening_id": screening_id}, key=key, due_at=clock.at_local(until, AT))


def remind(*, screening_id: int) -> None:
    """Outbox handler: newer answers, a withdrawal or a wait that has grown longer say nothing here."""
    screening = db.session.get(Screening, screening_id)
    if screening is None or screening.withdrawn_at is not None or _is_outdated(screening):
        return
    standing = standing_of(screening)
    if standing.decision == "wait" and standing.until is not None:
        promise(screening_id, until=standing.until)
        return
    address, name = _whom(screening)
    if not address:
        return
    site = current_app.config["SHOP"].site_url
    mail.send(
        "wait_over",
        to=address,
        subject=f"A note from {setting('clinic.name')}, as you asked",
        key=f"wait-over:{screening_id}",
        name=name,
        link=f"{site}/bag",
    )


def _is_outdated(screening: Screening) -> bool:
    owner = Screening.client_id == screening.client_id
    if screening.client_id is None:
        owner = Screening.browser_hash == screening.browser_hash
    later = select(Screening.id).where(owner, Screening.treatment == screening.treatment, Screening.id > screening.id)
    return db.session.scalar(later.limit(1)) is not None


def _whom(screening: Screening) -> tuple[str, str]:
    client = db.session.get(Client, screening.client_id) if screening.client_id is not None else None
    if client is not None and client.erased_at is None and client.email:
        return client.email, client.name
    return screening.contact or "", ""
