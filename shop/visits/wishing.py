"""The waiting list: a client is put on it, comes off it by booking, by asking, or when the days are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, select, update

from shop.accounts.models import Client
from shop.core import clock, outbox
from shop.core.db import changed, db
from shop.core.errors import NotFound
from shop.core.history import record
from shop.core.settings import setting
from shop.visits.matters import WORDS, Matter
from shop.visits.models import Practitioner, Visit, VisitWish
from shop.visits.models.visit import AHEAD
from shop.wallet.models import Credit

EARLIER = "uid:"
KIND = "visit.freed"


@dataclass(frozen=True)
class Wish:
    """One line of the list, for its owner and for the desk."""

    id: int
    client_id: int
    client: str
    what: str
    name: str
    who: str
    last_day: date
    made_on: date
    told: bool
    visit_number: str = ""


def what_of(matter: Matter) -> str:
    return matter.credit.code if matter.credit is not None else matter.kind


def wish(client_id: int, what: str, *, practitioner_id: int | None, last_day: date | None = None, by: str) -> None:
    """Put a client on the list; a second time changes nothing. The caller has checked that `what` is theirs."""
    until = last_day or clock.today() + timedelta(days=setting("visits.waiting_days"))
    end_over()
    known = select(VisitWish.id).where(
        VisitWish.client_id == client_id, VisitWish.what == what, VisitWish.ended_at.is_(None)
    )
    if db.session.scalar(known) is not None:
        return
    facts = {"client_id": client_id, "what": what, "practitioner_id": practitioner_id, "last_day": until}
    db.session.add(VisitWish(**facts, made_at=clock.now(), by=by))
    record(f"client:{client_id}", axis="waiting list", was=None, now="waits", by=by)
    db.session.flush()


def wish_earlier(visit: Visit, *, by: str) -> None:
    """The same for an appointment that stays as it is until an earlier time gets free."""
    until = clock.local(visit.starts_at).date() - timedelta(days=1)
    wish(visit.client_id, EARLIER + visit.uid, practitioner_id=None, last_day=until, by=by)


def end(wish_id: int, *, by: str, client_id: int | None = None) -> None:
    """Off the list. Raises NotFound for another client's, where one is named."""
    mine = update(VisitWish).where(VisitWish.id == wish_id, VisitWish.ended_at.is_(None))
    if client_id is not None:
        mine = mine.where(VisitWish.client_id == client_id)
    if not changed(mine.values(ended_at=clock.now(), ended_why="withdrawn")):
        raise NotFound("This is not on the waiting list any more.")
    record(f"wish:{wish_id}", axis="waiting list", was="waits", now="withdrawn", by=by)


def booked(visit: Visit) -> None:
    """Who has a time does not wait for one any more."""
    whats = [EARLIER + visit.uid]
    whats.append(_code(visit.credit_id) if visit.credit_id is not None else visit.kind)
    mine = update(VisitWish).where(
        VisitWish.client_id == visit.client_id, VisitWish.what.in_(whats), VisitWish.ended_at.is_(None)
    )
    changed(mine.values(ended_at=clock.now(), ended_why="booked"))


def freed(visit: Visit) -> None:
    """Promise to tell whoever waits, once the time is free for everybody."""
    if visit.starts_at > clock.now() and db.session.scalar(open_wishes().limit(1)) is not None:
        facts = {"starts_at": visit.starts_at.isoformat(), "practitioner_id": visit.practitioner_id}
        outbox.put(KIND, facts, key=f"{KIND}:{visit.number}:{visit.turn}")


def open_wishes() -> Select[VisitWish]:
    return select(VisitWish).where(VisitWish.ended_at.is_(None), VisitWish.last_day >= clock.today())


def end_over() -> int:
    """Wishes whose last day is past, so that the same can be wished for anew."""
    over = update(VisitWish).where(VisitWish.ended_at.is_(None), VisitWish.last_day < clock.today())
    return changed(over.values(ended_at=clock.now(), ended_why="over"))


def waiting(client_id: int | None = None) -> list[Wish]:
    """Who waits longest stands first; one client's own, or everybody's for the desk. Three statements."""
    rows = select(VisitWish, Client.name, Practitioner.name).join(Client, Client.id == VisitWish.client_id)
    rows = rows.outerjoin(Practitioner, Practitioner.id == VisitWish.practitioner_id)
    rows = rows.where(VisitWish.ended_at.is_(None), VisitWish.last_day >= clock.today(), Client.erased_at.is_(None))
    if client_id is not None:
        rows = rows.where(VisitWish.client_id == client_id)
    found = db.session.execute(rows.order_by(VisitWish.made_at, VisitWish.id).limit(200)).all()
    whats = [row[0].what for row in found]
    credits = dict(db.session.execute(select(Credit.code, Credit.name).where(Credit.code.in_(whats))).tuples().all())
    uids = [what.removeprefix(EARLIER) for what in whats if what.startswith(EARLIER)]
    ahead = select(Visit.uid, Visit.number).where(Visit.uid.in_(uids), Visit.state.in_(AHEAD))
    numbers = dict(db.session.execute(ahead).tuples().all())
    return [_line(one, client, who or "", credits, numbers) for one, client, who in found]


def known_practitioner(practitioner_id: int | None) -> int | None:
    """None for anyone, and for an id that nobody has."""
    if practitioner_id is None:
        return None
    return db.session.scalar(select(Practitioner.id).where(Practitioner.id == practitioner_id, Practitioner.is_active))


def _line(one: VisitWish, client: str, who: str, credits: dict[str, str], numbers: dict[str, str]) -> Wish:
    number = numbers.get(one.what.removeprefix(EARLIER), "") if one.what.startswith(EARLIER) else ""
    name = "An earlier time" if one.what.startswith(EARLIER) else credits.get(one.what) or WORDS.get(one.what, "Session")
    made_on = clock.local(one.made_at).date()
    return Wish(one.id, one.client_id, client, one.what, name, who, one.last_day, made_on, one.told_at is not None, number)


def _code(credit_id: int) -> str:
    return db.session.scalars(select(Credit.code).where(Credit.id == credit_id)).one()
