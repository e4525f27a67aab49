"""The client came, was treated, or did not come; what was prepaid is used up in the same moment."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from shop.catalog.models import AddOn, Treatment
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.settings import setting
from shop.core.templating import day
from shop.intake.readiness import Problem, ready_for_treatment
from shop.visits import writing_after
from shop.visits.booking import cause_of
from shop.visits.changing import change, check_state, fee_is_used
from shop.visits.models import Visit
from shop.visits.supplying import take_supplies
from shop.wallet import moving
from shop.wallet.models import Credit

BEFORE = "Settle that first, on the tablet or the client’s phone; the treatment waits for it."


def arrive(visit: Visit, *, by: str) -> None:
    """booked → arrived. Raises Conflict when somebody was quicker, Refused before the day."""
    visit = check_state(visit, "booked")
    _refuse_before_its_day(visit)
    change(visit, "arrived", by=by, arrived_at=clock.now())


def treat(visit: Visit, *, by: str, extras: Iterable[int] = ()) -> None:
    """booked or arrived → done: the session is redeemed, with one of each add-on credit in `extras`.

    Raises Conflict, naming who was quicker, when nothing booked is left; Refused before the day, and while answers,
    consent or a trial on the skin are missing. Locks visit, then credits, then shelves.
    """
    visit, wanted = check_state(visit, "booked", "arrived"), set(extras)
    _refuse_before_its_day(visit)
    missing = missing_for(visit, wanted)
    if missing:
        raise Refused(f"{' '.join(one.sentence for one in missing)} {BEFORE}")
    if visit.credit_id is not None:
        moving.redeem(visit.credit_id, cause=cause_of(visit, "done"), by=by)
        visit.session = "used"
        _redeem_extras(visit, wanted, by=by)
    take_supplies(visit, by=by)
    fee_is_used(visit, used=True)
    change(visit, "done", by=by, done_at=clock.now())
    writing_after.promise(visit)


def no_show(visit: Visit, *, by: str) -> None:
    """booked → no_show. The clinic's terms may take the session; the skin was not treated, so the clinical clock stands."""
    visit = check_state(visit, "booked")
    if visit.starts_at > clock.now():
        raise Refused("The appointment has not begun yet.")
    if visit.credit_id is not None:
        if setting("visits.no_show") == "session":
            moving.no_show(visit.credit_id, cause=cause_of(visit, "no-show"), by=by)
            visit.session = "lost"
        else:
            moving.release(visit.credit_id, cause=cause_of(visit, "release"), by=by)
            visit.session = "free"
    fee_is_used(visit, used=True)
    change(visit, "no_show", by=by)


def extras_of(visit: Visit) -> list[Credit]:
    """The add-ons that came with these sessions and are still there."""
    if visit.credit_id is None:
        return []
    hang = select(Credit).where(Credit.parent_id == visit.credit_id, Credit.free > 0, Credit.frozen_on.is_(None))
    return list(db.session.scalars(hang.order_by(Credit.id)))


def missing_for(visit: Visit, extras: Iterable[int]) -> list[Problem]:
    """What has to be there before this client may be treated, with these add-ons; nothing for a talk."""
    if visit.treatment_id is None or visit.kind not in ("session", "upkeep") or not setting("intake.binds"):
        return []
    slug = db.session.scalar(select(Treatment.slug).where(Treatment.id == visit.treatment_id))
    hang = select(AddOn.slug).join(Credit, Credit.addon_id == AddOn.id).where(Credit.id.in_(list(extras)))
    return ready_for_treatment(visit.client_id, slug or "", db.session.scalars(hang.order_by(AddOn.id)))


def _redeem_extras(visit: Visit, wanted: set[int], *, by: str) -> None:
    for extra in extras_of(visit):
        if extra.id in wanted:
            extra_id = extra.id
            moving.book(extra_id, cause=cause_of(visit, f"addon:{extra_id}:book"), by=by)
            moving.redeem(extra_id, cause=cause_of(visit, f"addon:{extra_id}:done"), by=by)


def _refuse_before_its_day(visit: Visit) -> None:
    on = clock.local(visit.starts_at).date()
    if on > clock.today():
        raise Refused(f"This appointment is on {day(on)}. Move it to today first if the client is here.")
