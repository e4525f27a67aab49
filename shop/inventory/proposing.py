"""What to order and how much: what was really sold, less what is here and on its way, for the days until the next order."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from shop.core.db import db
from shop.core.settings import setting
from shop.inventory.buying import incoming
from shop.inventory.buying_models import Purchase, PurchaseLine, Supplier
from shop.inventory.reporting import SALES_DAYS, Shelved, running_low

LEAD_DAYS = 7  # where no supplier has said otherwise


@dataclass(frozen=True)
class Proposal:
    """One article that will not last until the next delivery; `supplier` is who brought it last, if anybody did."""

    shelf: Shelved
    incoming: int
    units: int
    supplier: str


def units_to_order(*, sold: int, sellable: int, incoming: int, lead_days: int, cover_days: int) -> int:
    """Enough for the way and for `cover_days` after it, rounded up: 28 sold in 28 days, 4 left, 7 + 42 days → 45."""
    needed = -(-sold * (lead_days + cover_days) // SALES_DAYS)
    return max(0, needed - sellable - incoming)


def proposals() -> list[Proposal]:
    """What runs low and is not ordered yet in full, by supplier, what ends soonest first; a fixed number of statements."""
    low = running_low(within=setting("stock.low_days") + LEAD_DAYS)
    ids = [row.variant_id for row in low]
    coming, last = incoming(ids), _last_suppliers(ids)
    cover = setting("stock.order_days")
    found = []
    for row in low:
        name, lead = last.get(row.variant_id, ("", LEAD_DAYS))
        facts = {"sold": row.sold, "sellable": max(0, row.sellable), "incoming": coming.get(row.variant_id, 0)}
        units = units_to_order(**facts, lead_days=lead, cover_days=cover)
        if units:
            found.append(Proposal(row, facts["incoming"], units, name))
    return sorted(found, key=lambda one: (not one.supplier, one.supplier))


def _last_suppliers(variant_ids: list[int]) -> dict[int, tuple[str, int]]:
    if not variant_ids:
        return {}
    newest = select(PurchaseLine.variant_id, func.max(PurchaseLine.purchase_id).label("purchase_id"))
    newest = newest.where(PurchaseLine.variant_id.in_(variant_ids)).group_by(PurchaseLine.variant_id)
    last = newest.subquery()
    rows = select(last.c.variant_id, Supplier.name, Supplier.lead_days).join(Purchase, Purchase.id == last.c.purchase_id)
    joined = rows.join(Supplier, Supplier.id == Purchase.supplier_id)
    return {variant_id: (name, lead) for variant_id, name, lead in db.session.execute(joined)}
