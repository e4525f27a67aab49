"""The evening before something at home has to rest its owner hears of it; a moved appointment moves the note."""

from __future__ import annotations

from datetime import date, time, timedelta

from flask import current_app
from sqlalchemy import select

from shop.accounts.models import Client
from shop.care.calendar import Verdict
from shop.care.loading import window_rules
from shop.core import clock, outbox
from shop.core.db import db
from shop.core.mail import KIND as MAIL
from shop.core.mail import mail_payload
from shop.core.settings import setting
from shop.core.templating import day as say
from shop.intake.calendar import Calendar
from shop.intake.facts import facts_of_clients
from shop.orders.owning import Owned, owned_by_clients
from shop.visits.models import Visit
from shop.visits.models.visit import AHEAD
from shop.visits.skin_days import sessions_of_clients

KIND = "account.pauses"
AT = time(17)
LOOK_AHEAD = timedelta(days=40)  # no rule pauses anything earlier before a session
BATCH = 200
# what a thing of another shop is called in an e-mail: by its kind, since its name is the client's own words
KINDS = {
    "retinoid": "your vitamin A product",
    "aha": "your fruit acid",
    "bha": "your salicylic acid",
    "pha": "your gentle acid",
    "ascorbic-acid": "your vitamin C",
    "benzoyl-peroxide": "your benzoyl peroxide",
    "scrub": "your scrub",
}


def promise_today() -> None:
    """The worker's sweep says this each minute; the evening's look is promised once a day."""
    today = clock.today()
    outbox.put(KIND, {"day": today.isoformat()}, key=f"{KIND}:{today}", due_at=clock.at_local(today, AT))


def tell_whose_pause_begins(*, day: str, after: int = 0) -> int:
    """Outbox handler: everything that rests from the next day on. One e-mail for each client, batch after batch."""
    tomorrow = date.fromisoformat(day) + timedelta(days=1)
    if tomorrow < clock.today():
        return 0  # the worker stood still for a day: a note for an evening that is over helps nobody
    clients = _clients(after)
    things, told = owned_by_clients(list(clients)), facts_of_clients(clients)
    sessions, rules, effects = sessions_of_clients(list(clients)), window_rules(), []
    for client_id, client in clients.items():
        facts = {"facts": told[client_id]} if client_id in told else {}
        calendar = Calendar(sessions.get(client_id, ()), tomorrow, rules, **facts)
        resting = [(one, verdict) for one in things.get(client_id, []) if (verdict := _begins(one, calendar, tomorrow))]
        if resting:
            effects.append((MAIL, _letter(client, resting), f"mail:pause:{client_id}:{tomorrow}"))
    outbox.put_all(effects)
    if len(clients) == BATCH:
        last = max(clients)
        outbox.put(KIND, {"day": day, "after": last}, key=f"{KIND}:{day}:{last}")
    return len(effects)


def _clients(after: int) -> dict[int, Client]:
    """Who has an appointment near enough to pause anything, by id."""
    soon = (Visit.starts_at > clock.now(), Visit.starts_at < clock.now() + LOOK_AHEAD, Visit.state.in_(AHEAD))
    wanted = select(Client).where(Client.id > after, Client.erased_at.is_(None), Client.email != "")
    ids = select(Visit.client_id).where(*soon, Visit.kind.in_(("session", "upkeep")))
    rows = db.session.scalars(wanted.where(Client.id.in_(ids)).order_by(Client.id).limit(BATCH))
    return {client.id: client for client in rows}


def _begins(owned: Owned, calendar: Calendar, tomorrow: date) -> Verdict | None:
    """The verdict, if a rest of this thing begins on that day."""
    if not owned.inci:
        return None
    verdict = calendar.judge(owned.label)
    return verdict if verdict.pause_from == tomorrow else None


def _letter(client: Client, resting: list[tuple[Owned, Verdict]]) -> dict[str, object]:
    until = max(verdict.back_on for _, verdict in resting if verdict.back_on)
    names = list(dict.fromkeys(_said(owned, verdict) for owned, verdict in resting))
    return mail_payload(
        "pause_begins",
        to=client.email,
        subject=f"A note for tonight from {setting('clinic.name')}",
        name=client.name,
        names=names,
        until=say(until),
        link=f"{current_app.config['SHOP'].site_url}/account/routine",
    )


def _said(owned: Owned, verdict: Verdict) -> str:
    if not owned.is_typed:
        return owned.name
    return next((KINDS[found.of_class] for found in verdict.rules if found.of_class in KINDS), "something in your cupboard")
