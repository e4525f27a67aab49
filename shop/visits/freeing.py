"""A time got free: those who wait hear of it, the longest waiting first, as long as it is free and fits their series.

Nobody holds it for them: whoever books first has it. A handful are told of one time, so that few come in vain.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from shop.accounts.models import Client
from shop.core import clock, mail, sms
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.settings import setting
from shop.core.templating import day, moment, time_of_day
from shop.visits.choosing import matter_for
from shop.visits.links import site, visit_link
from shop.visits.models import Visit, VisitWish
from shop.visits.models.visit import AHEAD
from shop.visits.offering import offer
from shop.visits.rescheduling import can_move, matter_of_visit
from shop.visits.slots import Slot
from shop.visits.wishing import EARLIER, open_wishes

MOST_TOLD, LOOKED_AT = 5, 50


def tell(*, starts_at: str, practitioner_id: int) -> int:
    """Outbox handler; says how many were told."""
    at, told = datetime.fromisoformat(starts_at), 0
    on = clock.local(at).date()
    wishes = open_wishes().where(VisitWish.last_day >= on).order_by(VisitWish.made_at, VisitWish.id).limit(LOOKED_AT)
    for wish in db.session.scalars(wishes).all():
        if wish.practitioner_id in (None, practitioner_id) and told < MOST_TOLD and at > clock.now():
            told += _tell(wish, at)
    return told


def _tell(wish: VisitWish, at: datetime) -> bool:
    client = db.session.get_one(Client, wish.client_id)
    found = _fitting(wish, at)
    if found is None or client.erased_at is not None or not client.email:
        return False
    slot, link = found
    when = f"{day(slot.starts_at, year=False)}, {time_of_day(slot.starts_at)}"
    key = f"wish:{wish.id}:{slot.starts_at.isoformat()}"
    subject = f"A time has become free: {when}"
    mail.send(
        "visit_freed", to=client.email, subject=subject, key=key, name=client.name, when=moment(slot.starts_at), link=link
    )
    if client.phone:
        sms.send(f"{setting('clinic.name')}: {when} has become free. {link}", phone=client.phone, key=key)
    wish.told_at = clock.now()
    db.session.flush()
    return True


def _fitting(wish: VisitWish, at: datetime) -> tuple[Slot, str] | None:
    """The start nearest to the free time on that day that this client may book, and where; none where rules forbid it."""
    try:
        if wish.what.startswith(EARLIER):
            return _earlier(wish, at)
        matter = matter_for(wish.what, client_id=wish.client_id)
        if matter.credit is not None and (not matter.credit.free or matter.credit.frozen_on is not None):
            return None
        found = offer(matter, since=clock.local(at).date(), days=1, practitioner_id=wish.practitioner_id).days
        slot = _nearest(found[0].slots, at) if found and found[0].day == clock.local(at).date() else None
    except ShopError:
        return None
    link = f"{site()}/account/visits/new?what={wish.what}&at={_written(slot)}" if slot else ""
    return (slot, link) if slot else None


def _earlier(wish: VisitWish, at: datetime) -> tuple[Slot, str] | None:
    mine = select(Visit).where(Visit.uid == wish.what.removeprefix(EARLIER), Visit.state.in_(AHEAD))
    visit = db.session.scalars(mine).first()
    if visit is None or at >= visit.starts_at or not can_move(visit):
        return None
    found = offer(matter_of_visit(visit), since=clock.local(at).date(), days=1, moving=visit.id).days
    slot = _nearest(found[0].slots, at) if found and found[0].day == clock.local(at).date() else None
    return (slot, f"{visit_link(visit, 'move')}?at={_written(slot)}") if slot else None


def _nearest(slots: list[Slot], at: datetime) -> Slot | None:
    """Within the hour, so that nobody is written to about what was free all along."""
    near = [slot for slot in slots if abs((slot.starts_at - at).total_seconds()) <= 3600]
    return min(near, key=lambda slot: abs((slot.starts_at - at).total_seconds())) if near else None


def _written(slot: Slot) -> str:
    return f"{slot.starts_at:%Y-%m-%dT%H:%MZ}"
