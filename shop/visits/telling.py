"""What a client hears of an appointment by e-mail, and by text message where the clinic sends them; no subject and no line names a treatment or a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from shop.accounts.models import Client
from shop.catalog.models import Treatment
from shop.core import clock, mail, outbox, sms
from shop.core.db import db
from shop.core.handlers import fire
from shop.core.money import money
from shop.core.settings import setting
from shop.core.templating import day, moment, time_of_day
from shop.visits.links import site, visit_link
from shop.visits.models import Practitioner, Visit
from shop.visits.models.visit import AHEAD

REMIND, SOON = "visit.remind", "visit.soon"


def booked(visit: Visit, *, late_words: str = "") -> None:
    """The confirmation, and the promise of a reminder. `late_words` say what calling off after the notice costs."""
    fee, until = money(visit.fee_minor) if visit.fee_minor else "", moment(visit.fee_due_at) if visit.fee_due_at else ""
    subject = f"Your appointment on {_when(visit)}"
    _send("visit_booked", visit, subject, fee=fee, fee_until=until, late_words=late_words)
    promise_reminder(visit)


def moved(visit: Visit, *, was: Visit, ours: bool = False) -> None:
    """`ours`: the clinic had to move it, so the client may choose again or take the money back."""
    _send("visit_moved", visit, f"Your appointment is now on {_when(visit)}", was=moment(was.starts_at), ours=ours)
    if ours:
        _text(visit, f"we had to move your appointment to {_when(visit)}. Does it suit you?", key=f"moved:{visit.number}")
    promise_reminder(visit)


def cancelled(visit: Visit, *, session_words: str, ours: bool = False) -> None:
    key = f"{visit.number}:{visit.turn}"
    subject = f"Your appointment on {_when(visit)} is cancelled"
    words = {"session_words": session_words, "owed": money(visit.owed_minor) if visit.still_owes else "", "ours": ours}
    _send("visit_cancelled", visit, subject, key=key, account=f"{site()}/account", **words)
    if ours:
        _text(visit, f"we are sorry: your appointment on {_when(visit)} cannot take place.", key=f"cancelled:{key}")


def not_suitable(visit: Visit, *, is_paid: bool) -> None:
    subject = f"After your appointment at {setting('clinic.name')}"
    _send("visit_not_suitable", visit, subject, is_paid=is_paid)


def promise_reminder(visit: Visit) -> None:
    """Due so many hours before; an appointment made later than that needs none."""
    due_at = visit.starts_at - timedelta(hours=setting("visits.reminder_hours"))
    if due_at > clock.now():
        key = f"{REMIND}:{visit.number}:{visit.turn}"
        outbox.put(REMIND, {"number": visit.number, "turn": visit.turn}, key=key, due_at=due_at)


def remind(*, number: str, turn: int) -> None:
    """Outbox handler: a visit that has moved or is off is not reminded of; the moved one has a reminder of its own."""
    from shop.visits.finding import find_visit

    visit = find_visit(number)
    if visit is None or visit.turn != turn or visit.state not in AHEAD or visit.starts_at < clock.now():
        return
    slug = db.session.scalar(select(Treatment.slug).where(Treatment.id == visit.treatment_id))
    fire(SOON, client_id=visit.client_id, number=number, treatment=slug, starts_at=visit.starts_at)
    _send("visit_reminder", visit, f"Your appointment on {_when(visit)}", key=f"{number}:{turn}")
    _text(visit, f"we expect you on {_when(visit)}. Confirm or move it:", key=f"reminder:{number}:{turn}")


def _send(template: str, visit: Visit, subject: str, *, key: str = "", **words: Any) -> None:
    client = db.session.get_one(Client, visit.client_id)
    if client.erased_at is not None or not client.email:
        return
    who = db.session.get_one(Practitioner, visit.practitioner_id)
    mail.send(
        template,
        to=client.email,
        subject=subject,
        key=f"{template}:{key or visit.number}",
        name=client.name,
        when=moment(visit.starts_at),
        until=time_of_day(visit.leaves_at),
        who=who.name,
        link=visit_link(visit),
        calendar_link=visit_link(visit, "calendar.ics"),
        free_until=moment(visit.starts_at - timedelta(hours=setting("visits.notice_hours"))),
        **words,
    )


def _text(visit: Visit, words: str, *, key: str) -> None:
    """The same by telephone, where the clinic sends text messages and has a number."""
    client = db.session.get_one(Client, visit.client_id)
    if client.erased_at is None and client.phone:
        text = f"{setting('clinic.name')}: {words} {visit_link(visit)}"
        sms.send(text, phone=client.phone, key=f"visit:{key}")


def _when(visit: Visit) -> str:
    return f"{day(visit.starts_at, year=False)}, {time_of_day(visit.starts_at)}"
