"""A treatment may take what it needs from the shelf by itself: the lot that ends first, written down with the visit.

A shelf that holds too little stops nobody who is in the chair: a person is asked to count instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from shop.catalog.models import Product, Treatment, Variant
from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.db import changed, db
from shop.core.errors import Refused
from shop.core.history import record
from shop.inventory.models import Lot, Stock, StockMovement
from shop.inventory.receiving import adjust
from shop.visits.booking import cause_of
from shop.visits.models import TreatmentSupply, Visit

USED, BACK = "Used in the treatment room", "Taken back at the desk"
MOST_LINES = 12


@dataclass(frozen=True)
class Line:
    """So many pieces of one thing, for each session."""

    variant_id: int
    sku: str
    name: str
    units: int


@dataclass(frozen=True)
class UsedLot:
    """What went into one visit, with the lot it came from."""

    name: str
    inci: str
    lot: str
    units: int


def recipes() -> list[tuple[Treatment, list[Line]]]:
    """Every treatment with what it takes, by name; two statements."""
    found: dict[int, list[Line]] = {}
    rows = _lines()
    for treatment_id, line in rows:
        found.setdefault(treatment_id, []).append(line)
    return [(one, found.get(one.id, [])) for one in db.session.scalars(select(Treatment).order_by(Treatment.name))]


def set_recipe(treatment: Treatment, wanted: Sequence[tuple[str, int]], *, by: str) -> None:
    """(SKU, pieces) for each session, in place of what stood there. Raises Refused for a code that nobody has."""
    if len(wanted) > MOST_LINES or len({sku for sku, _ in wanted}) < len(wanted):
        raise Refused(f"At most {MOST_LINES} different things, each once.", field="lines")
    known = dict(
        db.session.execute(select(Variant.sku, Variant.id).where(Variant.sku.in_([s for s, _ in wanted]))).tuples().all()
    )
    missing = [sku for sku, _ in wanted if sku not in known]
    if missing:
        raise Refused(f"Nothing here has the code {missing[0][:40]}.", field="lines")
    was = [f"{line.sku} {line.units}" for of, line in _lines() if of == treatment.id]
    now = [f"{sku} {units}" for sku, units in wanted]
    if was == now:
        return
    changed(delete(TreatmentSupply).where(TreatmentSupply.treatment_id == treatment.id))
    db.session.add_all(
        TreatmentSupply(treatment_id=treatment.id, variant_id=known[sku], units=units) for sku, units in wanted
    )
    db.session.flush()
    record(f"treatment:{treatment.slug}", axis="recipe", was=", ".join(was), now=", ".join(now), by=by)


def take_supplies(visit: Visit, *, by: str) -> None:
    """One recipe leaves the shelves for a session that took place; the same visit twice takes it once. Locks the shelves."""
    if visit.treatment_id is None or visit.kind not in ("session", "upkeep"):
        return
    for _, line in _lines(visit.treatment_id):
        cause, left = _cause(visit, line.variant_id), line.units
        if db.session.scalar(select(StockMovement.id).where(StockMovement.cause == cause).limit(1)) is not None:
            continue
        for stock in _shelves(line.variant_id):
            units = min(left, stock.available)
            adjust(stock, units=-units, cause=cause, by=by, reason=USED)
            left -= units
            if not left:
                break
        if left:
            _ask_to_count(visit, line, left)


def bring_back_supplies(visit: Visit, *, by: str) -> None:
    """The treatment was taken back, so nothing was opened."""
    mine = select(StockMovement).where(StockMovement.cause.startswith(cause_of(visit, "supply:"), autoescape=True))
    for moved in db.session.scalars(mine.order_by(StockMovement.stock_id)).all():
        stock = db.session.get_one(Stock, moved.stock_id)
        adjust(stock, units=-moved.on_hand_change, cause=f"{moved.cause}:back", by=by, reason=BACK)


def used_lots(visit: Visit) -> list[UsedLot]:
    """What left the shelves for this visit, for its record; one statement."""
    rows = (
        select(Product.name, Product.inci, Lot.code, StockMovement.on_hand_change)
        .join(Stock, Stock.id == StockMovement.stock_id)
        .join(Lot, Lot.id == Stock.lot_id)
        .join(Variant, Variant.id == Stock.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(StockMovement.cause.startswith(cause_of(visit, "supply:"), autoescape=True))
    )
    found = db.session.execute(rows.order_by(StockMovement.id)).all()
    return [UsedLot(name, inci, "" if lot == "unknown" else lot, -change) for name, inci, lot, change in found]


def _lines(treatment_id: int | None = None) -> list[tuple[int, Line]]:
    rows = select(TreatmentSupply, Variant.sku, Product.name).join(Variant, Variant.id == TreatmentSupply.variant_id)
    rows = rows.join(Product, Product.id == Variant.product_id).order_by(TreatmentSupply.id)
    if treatment_id is not None:
        rows = rows.where(TreatmentSupply.treatment_id == treatment_id)
    return [
        (one.treatment_id, Line(one.variant_id, sku, name, one.units)) for one, sku, name in db.session.execute(rows).all()
    ]


def _shelves(variant_id: int) -> list[Stock]:
    """Those that may be opened today, the earliest end first, locked in the order of their ids."""
    mine = select(Stock.id).where(Stock.variant_id == variant_id).order_by(Stock.id)
    db.session.scalars(mine.with_for_update()).all()
    rows = select(Stock).join(Lot, Lot.id == Stock.lot_id).where(Stock.variant_id == variant_id, Lot.state == "open")
    fresh = rows.where((Lot.expires_on.is_(None)) | (Lot.expires_on >= clock.today()))
    ordered = fresh.order_by(Lot.expires_on.is_(None), Lot.expires_on, Stock.id)
    return [
        stock for stock in db.session.scalars(ordered, execution_options={"populate_existing": True}) if stock.available > 0
    ]


def _ask_to_count(visit: Visit, line: Line, missing: int) -> None:
    raise_entry(
        "stock",
        subject=f"variant:{line.sku}",
        reason=f"{line.name}: a treatment took {line.units}, and the shelf held {line.units - missing}.",
        what_to_do="Count this shelf and write down which lot was opened.",
        key=f"visit:{visit.number}:{visit.turn}:supply:{line.variant_id}",
    )


def _cause(visit: Visit, variant_id: int) -> str:
    return cause_of(visit, f"supply:{variant_id}")
