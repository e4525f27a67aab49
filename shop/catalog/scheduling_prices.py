"""A price begins and ends at its moment: what is due is written into the price that every page, bag and order reads.

So no reading path knows of schedules. The worker wakes at the moment itself, and whoever pays applies what is due first.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select, update

from shop.catalog import indexing
from shop.catalog.changing_prices import MOST_MINOR, refresh_cheapest, set_package_price, set_variant_price
from shop.catalog.lowest_prices import lowest_before
from shop.catalog.models import Package, ScheduledPrice, Variant
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Conflict, NotFound, Refused
from shop.core.keeping import forget, kept

Thing = Variant | Package
OPEN, NEXT = ("waiting", "running"), "prices.next"
AT_ONCE = 500
FARTHEST = timedelta(days=2 * 366)


def schedule(
    thing: Thing, price_minor: int, *, starts_at: datetime | None, ends_at: datetime | None, by: str
) -> ScheduledPrice:
    """Write a price down for later, or from this moment on without `starts_at`.

    Raises Refused for a moment that has passed, a span that is none, a package for nothing, and Conflict for a span in
    which another price is written down already.
    """
    now = clock.now()
    begins = starts_at or now
    if begins < now:
        raise Refused("This moment has passed. Leave it empty to begin at once.", field="starts_at")
    if begins > now + FARTHEST or (ends_at is not None and ends_at > now + 2 * FARTHEST):
        raise Refused("That is too far away.", field="starts_at")
    if ends_at is not None and ends_at <= begins:
        raise Refused("The end comes after the beginning.", field="ends_at")
    if not 0 <= price_minor <= MOST_MINOR:
        raise Refused("This price cannot be right.", field="written_price")
    if isinstance(thing, Package) and not price_minor:
        raise Refused("A package costs more than nothing.", field="written_price")
    _refuse_overlap(thing, begins, ends_at)
    row = ScheduledPrice(
        price_minor=price_minor, starts_at=begins, ends_at=ends_at, next_at=begins, made_at=now, made_by=by
    )
    row.variant_id, row.package_id = (thing.id, None) if isinstance(thing, Variant) else (None, thing.id)
    db.session.add(row)
    db.session.flush()
    forget(NEXT)
    apply_due()
    return row


def stop(thing: Thing, scheduled_id: int, *, by: str) -> None:
    """One that waits never begins; of one that runs the price before comes back now. Raises NotFound, Conflict."""
    row = db.session.scalars(_of(thing).where(ScheduledPrice.id == scheduled_id).with_for_update()).first()
    if row is None:
        raise NotFound("This price is not written down here.")
    if row.state not in OPEN:
        raise Conflict("This price has ended already.")
    if row.state == "running":
        _end(row, by=by)
    row.state, row.next_at = "stopped", None


def apply_due() -> int:
    """Every step whose moment has come, in the order of the moments; says how many. The caller commits.

    Locks the rows it works on, so that two processes do each once. Of one moment an end comes before a beginning.
    """
    done, now = 0, clock.now()
    touched: set[int] = set()
    while rows := _due(now):
        for row in rows:
            product_id = _step(row)
            touched |= {product_id} if product_id else set()
            done += 1
        db.session.flush()
    if touched:
        refresh_cheapest(touched)
        indexing.update(touched)
    if done:
        forget(NEXT)
    return done


def is_due() -> bool:
    """Whether a step waits, without asking the database each time: what another process wrote down shows after seconds."""
    earliest = select(func.min(ScheduledPrice.next_at))
    moment: datetime | None = kept(NEXT, lambda connection: connection.scalar(earliest))
    return moment is not None and moment <= clock.now()


def next_moment() -> datetime | None:
    """When the next step is due; None when nothing is written down."""
    return db.session.scalar(select(func.min(ScheduledPrice.next_at)))


def scheduled_for(thing: Thing) -> list[ScheduledPrice]:
    """What waits and what runs, the next first."""
    return list(db.session.scalars(_of(thing).where(ScheduledPrice.state.in_(OPEN)).order_by(ScheduledPrice.starts_at)))


def _of(thing: Thing) -> Select[ScheduledPrice]:
    own = ScheduledPrice.variant_id if isinstance(thing, Variant) else ScheduledPrice.package_id
    return select(ScheduledPrice).where(own == thing.id)


def _due(now: datetime) -> list[ScheduledPrice]:
    due = select(ScheduledPrice).where(ScheduledPrice.next_at <= now)
    in_turn = due.order_by(ScheduledPrice.next_at, ScheduledPrice.state == "waiting", ScheduledPrice.id)
    first = list(db.session.scalars(in_turn.limit(AT_ONCE).with_for_update().execution_options(populate_existing=True)))
    # of one thing only the first step now: what follows it may be due as well, and comes in the next round
    seen: set[tuple[int | None, int | None]] = set()
    return [row for row in first if not _was_there(seen, (row.variant_id, row.package_id))]


def _was_there(seen: set[tuple[int | None, int | None]], key: tuple[int | None, int | None]) -> bool:
    if key in seen:
        return True
    seen.add(key)
    return False


def _step(row: ScheduledPrice) -> int | None:
    """Begin it or end it; the product whose price this moves."""
    if row.state == "running":
        row.state, row.next_at = "done", None
        return _end(row, by=row.made_by)
    thing = _thing(row)
    row.before_minor = thing.price_minor
    is_reduced = row.ends_at is not None and row.price_minor < thing.price_minor
    subject = f"variant:{row.variant_id}" if row.variant_id else f"package:{row.package_id}"
    lowest = lowest_before(subject, price_minor=thing.price_minor, at=clock.now()) if is_reduced else None
    product_id = _set(thing, row.price_minor, by=row.made_by)
    thing.lowest_minor = lowest
    row.state, row.next_at = ("running", row.ends_at) if row.ends_at else ("done", None)
    return product_id


def _end(row: ScheduledPrice, *, by: str) -> int | None:
    """The price before comes back, unless somebody has changed it meanwhile."""
    thing = _thing(row)
    if thing.price_minor == row.price_minor and row.before_minor is not None:
        _set(thing, row.before_minor, by=by)
    thing.lowest_minor = None
    return thing.product_id if isinstance(thing, Variant) else None


def _set(thing: Thing, price_minor: int, *, by: str) -> int | None:
    if isinstance(thing, Package):
        set_package_price(thing, price_minor, by=by, as_written=True)
        return None
    set_variant_price(thing, price_minor, by=by, as_written=True)
    return thing.product_id


def _thing(row: ScheduledPrice) -> Thing:
    if row.variant_id is not None:
        return db.session.get_one(Variant, row.variant_id, populate_existing=True)
    return db.session.get_one(Package, row.package_id, populate_existing=True)


def _refuse_overlap(thing: Thing, begins: datetime, ends: datetime | None) -> None:
    """Two prices of one moment would leave it to chance which counts. Locks the thing, as two desks may write at once."""
    changed(update(type(thing)).where(type(thing).id == thing.id).values(price_minor=type(thing).price_minor))
    spans = _of(thing).where(ScheduledPrice.state.in_(OPEN))
    starts, beyond = ScheduledPrice.starts_at, ScheduledPrice.ends_at
    if ends is None:  # a price for good takes no span but its own moment
        clash = ((starts <= begins) & (beyond > begins)) | (beyond.is_(None) & (starts == begins))
    else:
        clash = (starts < ends) & or_(beyond > begins, beyond.is_(None) & (starts >= begins))
    if db.session.scalars(spans.where(clash).limit(1)).first() is not None:
        raise Conflict("Another price is written down for these days. Stop it first.", field="starts_at")
