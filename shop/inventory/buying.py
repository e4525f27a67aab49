"""Goods are ordered from a supplier and come in parts: what has come is told apart from what is still on its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import case, func, select, update

from shop.core import clock
from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.inventory.buying_models import Purchase, PurchaseLine, Supplier

MOST_UNITS = 9999
ON_ITS_WAY = ("ordered", "part")
GONE = "There is no such purchase."


def supplier_named(name: str) -> Supplier:
    """The supplier of this name, made when it is new."""
    name = " ".join(name.split())
    if not name or len(name) > 120:
        raise Refused("Say who supplies it.", field="supplier")
    known = db.session.scalars(select(Supplier).where(func.lower(Supplier.name) == name.lower())).first()
    if known is None:
        known = Supplier(name=name, email="", lead_days=7)
        db.session.add(known)
        db.session.flush()
    return known


def write_purchase(supplier: Supplier, units: Mapping[int, int], *, cause: str, by: str) -> Purchase:
    """A draft of {variant: units}; the same cause twice is one. Raises Refused when nothing is wanted."""
    known = db.session.scalars(select(Purchase).where(Purchase.cause == cause)).first()
    if known is not None:
        return known
    wanted = {variant_id: count for variant_id, count in units.items() if count}
    if not wanted:
        raise Refused("Choose at least one unit of something.", field="units")
    purchase = Purchase(supplier_id=supplier.id, state="draft", cause=cause, made_by=by, made_at=clock.now())
    db.session.add(purchase)
    db.session.flush()
    for variant_id, count in sorted(wanted.items()):
        set_units(purchase, variant_id, count)
    return purchase


def set_units(purchase: Purchase, variant_id: int, units: int, *, unit_minor: int | None = None) -> None:
    """So many of one article on a draft, at a price each without VAT; 0 takes it off. Raises Conflict once it was ordered."""
    lock(purchase, "draft")
    if not 0 <= units <= MOST_UNITS:
        raise Refused(f"Choose a whole number up to {MOST_UNITS:,}.", field="units")
    mine = PurchaseLine.purchase_id == purchase.id, PurchaseLine.variant_id == variant_id
    line = db.session.scalars(select(PurchaseLine).where(*mine)).first()
    if line is None and units:
        facts = {"units": units, "received": 0, "given_up": 0, "unit_minor": unit_minor}
        db.session.add(PurchaseLine(purchase_id=purchase.id, variant_id=variant_id, **facts))
    elif line is not None and units:
        line.units = units
        line.unit_minor = unit_minor if unit_minor is not None else line.unit_minor
    elif line is not None:
        db.session.delete(line)
    db.session.flush()


def mark_ordered(purchase: Purchase, *, expected_on: date | None, by: str) -> None:
    """draft → ordered: from now on it counts as incoming."""
    if not lines_of(purchase):
        raise Refused("Nothing is on this purchase yet.")
    lock(purchase, "draft")
    expected_on = expected_on or clock.today() + timedelta(days=purchase.supplier.lead_days)
    _move(purchase, ("draft",), "ordered", by=by, expected_on=expected_on, ordered_at=clock.now())


def close_short(purchase: Purchase, *, by: str) -> None:
    """What has not come will not come: it is no longer incoming. A draft or an order of which nothing came is cancelled."""
    lock(purchase, "draft", *ON_ITS_WAY)
    came = any(line.received for line in lines_of(purchase))
    for line in lines_of(purchase):
        line.given_up = line.outstanding
    db.session.flush()
    _move(purchase, ("draft", *ON_ITS_WAY), "done" if came else "cancelled", by=by)


def receive_against(purchase_id: int, came: Mapping[int, int], *, by: str, note: str) -> None:
    """A delivery has been shelved: {variant: units} are off the order, also what nobody had ordered. Locks the purchase."""
    purchase = get_purchase(purchase_id)
    changed(update(Purchase).where(Purchase.id == purchase.id).values(state=Purchase.state))
    db.session.refresh(purchase)
    for line in lines_of(purchase):
        line.received += came.get(line.variant_id, 0)
    db.session.flush()
    if purchase.state in ON_ITS_WAY:
        left = sum(line.outstanding for line in lines_of(purchase))
        _move(purchase, ON_ITS_WAY, "part" if left else "done", by=by, note=note)


def differences(purchase: Purchase, came: Mapping[int, int]) -> dict[int, int]:
    """variant → units more (or fewer) than are still outstanding; what agrees is left out."""
    open_units = {line.variant_id: line.outstanding for line in lines_of(purchase)}
    both = {variant_id: came.get(variant_id, 0) - open_units.get(variant_id, 0) for variant_id in {*open_units, *came}}
    return {variant_id: change for variant_id, change in sorted(both.items()) if change}


def incoming(variant_ids: Iterable[int] | None = None) -> dict[int, int]:
    """variant → units that are ordered and have not come."""
    left = PurchaseLine.units - PurchaseLine.received - PurchaseLine.given_up
    units = func.sum(case((left > 0, left), else_=0))
    rows = select(PurchaseLine.variant_id, units).join(Purchase, Purchase.id == PurchaseLine.purchase_id)
    rows = rows.where(Purchase.state.in_(ON_ITS_WAY)).group_by(PurchaseLine.variant_id)
    if variant_ids is not None:
        rows = rows.where(PurchaseLine.variant_id.in_(list(variant_ids)))
    return {variant_id: int(total) for variant_id, total in db.session.execute(rows) if total}


def has_purchases() -> bool:
    """Whether the clinic has ever ordered anything here: before that no page speaks of it."""
    return db.session.scalar(select(Purchase.id).limit(1)) is not None


def get_purchase(purchase_id: int) -> Purchase:
    """Raises NotFound."""
    return one_or_404(select(Purchase).where(Purchase.id == purchase_id), GONE)


def lines_of(purchase: Purchase) -> list[PurchaseLine]:
    mine = select(PurchaseLine).where(PurchaseLine.purchase_id == purchase.id).order_by(PurchaseLine.id)
    return list(db.session.scalars(mine))


def prices_of(purchase_id: int) -> dict[int, int]:
    """variant → what one unit was agreed to cost without VAT; without those nobody typed."""
    priced = select(PurchaseLine.variant_id, PurchaseLine.unit_minor).where(PurchaseLine.purchase_id == purchase_id)
    rows = db.session.execute(priced.where(PurchaseLine.unit_minor.is_not(None)))
    return {variant_id: minor for variant_id, minor in rows if minor is not None}


def lock(purchase: Purchase, *states: str) -> None:
    """Hold the purchase until the end of the transaction. Raises Conflict when it is in none of these states."""
    here = update(Purchase).where(Purchase.id == purchase.id, Purchase.state.in_(states))
    if not changed(here.values(state=Purchase.state)):
        raise Conflict("This purchase has changed meanwhile. Look at it again, please.")


def _move(purchase: Purchase, since: tuple[str, ...], state: str, *, by: str, note: str = "", **more: object) -> None:
    was = purchase.state
    if was == state:
        return
    moved = update(Purchase).where(Purchase.id == purchase.id, Purchase.state.in_(since))
    if not changed(moved.values(state=state, **more)):
        raise Conflict("This purchase has changed meanwhile. Look at it again, please.")
    record(f"purchase:{purchase.id}", axis="state", was=was, now=state, by=by, note=note or None)
    db.session.expire(purchase)
