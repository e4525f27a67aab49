"""On which days a client's skin was or will be treated, as the ingredient calendar counts them; and whose calendar a page means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import session
from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from shop.care.calendar import Session
from shop.care.loading import window_rules
from shop.catalog.models import AddOn, Treatment
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.reading import Question
from shop.intake.browser import subject
from shop.intake.calendar import Calendar
from shop.intake.facts import NOTHING_KNOWN, facts_of
from shop.intake.subjects import Subject
from shop.visits.models import Visit
from shop.visits.models.visit import TAKES_TIME
from shop.wallet.models import Credit, CreditMove

TYPED = "last_session"
EXTRA = aliased(Credit)
BACK, AHEAD = timedelta(days=60), timedelta(days=200)


def sessions_of(client_id: int) -> tuple[Session, ...]:
    """Done and booked, from two months ago on: one statement, a second where add-ons were redeemed."""
    since, until = _span()
    return _sessions(_OWN.ask(client=client_id, since=since, until=until)).get(client_id, ())


def sessions_of_clients(client_ids: list[int]) -> dict[int, tuple[Session, ...]]:
    """The same for many clients at once."""
    since, until = _span()
    wanted = _visits().where(Visit.client_id.in_(client_ids))
    return _sessions(db.session.execute(wanted, {"since": since, "until": until}).all())


def _span() -> tuple[datetime, datetime]:
    today = clock.today()
    return clock.at_local(today - BACK, time()), clock.at_local(today + AHEAD, time())


def _visits() -> Select[Any]:
    """A row for each visit that treats and each add-on that hangs on its sessions."""
    hangs = and_(EXTRA.parent_id == Visit.credit_id, EXTRA.kind == "addon")
    columns: tuple[Any, ...] = (Visit.id, Visit.client_id, Visit.starts_at, Visit.state, Visit.uid, Visit.turn)
    treating = Visit.kind.in_(("session", "upkeep")) & Visit.state.in_(TAKES_TIME)
    return (
        select(*columns, Treatment.slug, EXTRA.id.label("extra_id"), EXTRA.free, AddOn.slug.label("addon"))
        .join(Treatment, Treatment.id == Visit.treatment_id)
        .outerjoin(EXTRA, hangs)
        .outerjoin(AddOn, AddOn.id == EXTRA.addon_id)
        .where(treating, Visit.starts_at.between(bindparam("since"), bindparam("until")))
        .order_by(Visit.starts_at, Visit.id)
    )


def _sessions(rows: Sequence[Any]) -> dict[int, tuple[Session, ...]]:
    """An add-on counts while it is there to be redeemed, and for a visit that is done when it was."""
    done = redeemed({row.extra_id for row in rows if row.extra_id and row.state == "done"})
    addons: dict[int, set[str]] = {}
    for row in rows:
        cause = f"visit:{row.uid}:{row.turn}:addon:{row.extra_id}:done"
        if row.extra_id and (cause in done if row.state == "done" else row.free):
            addons.setdefault(row.id, set()).add(row.addon)
    found: dict[int, dict[int, Session]] = {}
    for row in rows:
        session_on = Session(row.slug, clock.local(row.starts_at).date(), tuple(sorted(addons.get(row.id, ()))))
        found.setdefault(row.client_id, {})[row.id] = session_on
    return {client_id: tuple(sessions.values()) for client_id, sessions in found.items()}


def redeemed(extra_ids: set[int]) -> set[str]:
    """The causes by which these add-ons were redeemed."""
    if not extra_ids:
        return set()
    moves = select(CreditMove.cause).where(CreditMove.credit_id.in_(extra_ids), CreditMove.kind == "redeem")
    return set(db.session.scalars(moves))


def calendar_of(client_id: int) -> Calendar:
    """A client's calendar on today's date, for pages, mails and the desk alike."""
    who = Subject(client_id=client_id)
    return Calendar(sessions_of(client_id), clock.today(), window_rules(), facts_of(who))


def own_calendar() -> Calendar | None:
    """That of whoever looks at the page. None, and not one statement, for a visitor who has told nothing."""
    who, typed = subject(), typed_day()
    if not who.is_known and typed is None:
        return None
    told = facts_of(who) if who.is_known else NOTHING_KNOWN
    sessions = sessions_of(who.client_id) if who.client_id is not None else ()
    if typed is not None:
        sessions = (*sessions, Session("", typed))
    if not (sessions or told.for_products or told.pregnant):
        return None
    return Calendar(sessions, clock.today(), window_rules(), told)


def typed_day() -> date | None:
    """The day a visitor gave, kept in the browser alone; an old one is none."""
    try:
        day = date.fromisoformat(str(session.get(TYPED, "")))
    except ValueError:
        return None
    return day if clock.today() - BACK <= day <= clock.today() + AHEAD else None


def type_day(text: str) -> date | None:
    """Keep the day, or forget it where the text is empty. Raises Refused for what is no near day."""
    if not text.strip():
        session.pop(TYPED, None)
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Refused("Please give the day as year, month and day, for example 2026-06-10.", field="day") from None
    if not clock.today() - BACK <= day <= clock.today() + AHEAD:
        raise Refused("Please give a day within the last two months, or one that is booked.", field="day")
    session[TYPED] = day.isoformat()
    return day


_OWN = Question(_visits().where(Visit.client_id == bindparam("client")))
