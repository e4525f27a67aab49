"""Something is wrong after a treatment: the client says so, the medical lead hears at once, and the series rests meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import select

from shop.care.aftercare_signs import signs
from shop.cases.models import REACTIONS, Case
from shop.cases.opening import open_case
from shop.cases.pausing import pause_sessions
from shop.cases.working import note
from shop.core import clock, mail
from shop.core.db import db
from shop.core.errors import NotFound, Refused
from shop.core.handlers import fire
from shop.core.settings import setting
from shop.intake import papers
from shop.visits.following import Care, care_of
from shop.visits.models import TreatmentRecord, Visit

LOOK_BACK = timedelta(days=182)
LONGEST = 2000
OVER = "The weeks in which we watch for this are over, but we still want to know. Please call us."


@dataclass(frozen=True)
class Told:
    """What the client reports. `sign` is one of the aftercare signs."""

    sign: str
    since: date | None
    words: str
    photo: bytes = b""


def watch_of(visit: Visit) -> tuple[Care, datetime, datetime]:
    """(care, when the watch begins, when it ends). Raises NotFound for a visit at which nobody was treated."""
    care = care_of(visit) if visit.state == "done" else None
    if care is None:
        raise NotFound("There is nothing to report about this appointment.")
    watch = next(stage for stage in care.stages() if stage.watch)
    return care, watch.starts_utc, watch.ends_utc


def report(visit: Visit, told: Told, *, cause: str) -> Case:
    """Opens an urgent case with sessions and lots, pauses the series concerned, and promises an answer.

    Whoever has a reaction open already adds to it. Raises Refused for what cannot be read or comes too late.
    """
    care, _, ends = watch_of(visit)
    if clock.now() >= ends:
        raise Refused(OVER)
    _check(told, first=clock.local(care.since).date())
    by = f"client:{visit.client_id}"
    content = _content(visit, told, clock.calendar_days(care.since, clock.now()) // 7)
    known = _open_reaction(visit.client_id)
    if known is not None and known.cause != cause:
        note(known, f"{content['name']}. {told.words}".strip(), by=by)
        return known
    words = content.pop("words")
    case = open_case(
        "reaction_session",
        client_id=visit.client_id,
        visit_number=visit.number,
        words=words,
        facts=content,
        cause=cause,
        by=by,
    )
    pause_sessions(case, by="system", treatment_id=visit.treatment_id)
    _thank(case, visit)
    return case


def sessions_with_lots(client_id: int) -> list[dict[str, Any]]:
    """The treatments of half a year with the lot of each vial, the latest first."""
    rows = (
        select(Visit.number, Visit.starts_at, TreatmentRecord.content)
        .outerjoin(TreatmentRecord, TreatmentRecord.visit_id == Visit.id)
        .where(Visit.client_id == client_id, Visit.state == "done", Visit.kind.in_(("session", "upkeep")))
        .where(Visit.starts_at > clock.now() - LOOK_BACK)
        .order_by(Visit.starts_at.desc())
    )
    return [
        {
            "number": number,
            "on": clock.local(starts_at).date().isoformat(),
            "lots": [{"name": one["name"], "lot": one["lot"]} for one in (content or {}).get("solutions", [])],
        }
        for number, starts_at, content in db.session.execute(rows)
    ]


def _check(told: Told, *, first: date) -> None:
    if told.sign not in dict(signs()):
        raise Refused("Choose what you notice.", field="sign")
    if told.since is None or not first <= told.since <= clock.today():
        raise Refused(f"Give a day from {first:%A} {first.day} {first:%B} until today.", field="since")
    if not told.words.strip() or len(told.words) > LONGEST:
        raise Refused(f"Say in a few words what you see and feel, at most {LONGEST} characters.", field="words")


def _content(visit: Visit, told: Told, weeks: int) -> dict[str, Any]:
    """A photograph is sealed as a file of its own and named here."""
    file = papers.keep(told.photo, purpose="reaction", client_id=visit.client_id, images_only=True) if told.photo else None
    return {
        "words": told.words.strip(),
        "sign": told.sign,
        "name": dict(signs())[told.sign],
        "since": told.since.isoformat() if told.since else "",
        "weeks": weeks,
        "photo": file.name if file else "",
        "sessions": sessions_with_lots(visit.client_id),
        "products": list(chain.from_iterable(fire("client.products", client_id=visit.client_id))),
    }


def _open_reaction(client_id: int) -> Case | None:
    mine = (Case.client_id == client_id, Case.kind.in_(REACTIONS), Case.closed_at.is_(None))
    return db.session.scalars(select(Case).where(*mine).order_by(Case.id)).first()


def _thank(case: Case, visit: Visit) -> None:
    from shop.accounts.models import Client
    from shop.visits.links import visit_link

    client = db.session.get_one(Client, visit.client_id)
    if client.erased_at is not None or not client.email:
        return
    mail.send(
        "case_received",
        to=client.email,
        subject=f"We have your message: {setting('clinic.name')}",
        key=f"case-received:{case.id}",
        name=client.name,
        link=visit_link(visit, "aftercare"),
    )
