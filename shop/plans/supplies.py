"""What clients with a plan have at home of things bought here, how long it lasts, and who may be told that it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from shop.care.calendar import Session
from shop.care.loading import window_rules
from shop.cases.standing import clients_with_open
from shop.catalog.models import Brand, Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.intake.calendar import Calendar
from shop.intake.facts import NOTHING_KNOWN, facts_of_clients
from shop.intake.labels import label_of
from shop.intake.models import CupboardItem
from shop.inventory.outliving import days_of_use
from shop.orders.models import Order, OrderLine
from shop.plans.running_out import nudge_on, runs_out_on
from shop.visits.skin_days import sessions_of_clients
from shop.wallet.models import Credit

LOOKED_AT = timedelta(days=400)


@dataclass(frozen=True)
class Supply:
    """One product of one client by its newest purchase. `nudge_on` is when to say so, `may_tell` whether a rule forbids it."""

    client_id: int
    product_id: int
    sku: str
    name: str
    bought_on: date
    supply_days: int
    runs_out_on: date
    nudge_on: date
    may_tell: bool


def supplies_of(client_ids: Iterable[int]) -> list[Supply]:
    """Everything whose use is known, for any number of clients in seven statements; a refill counts from its own day."""
    ids = sorted(set(client_ids))
    if not ids:
        return []
    newest = _newest(ids)
    sessions, facts = sessions_of_clients(ids), facts_of_clients(ids)
    silent = clients_with_open(ids) | _frozen(ids)
    finished = _finished(ids)
    rules = window_rules()
    found = []
    for (client_id, product_id), row in sorted(newest.items()):
        days = _days(row)
        bought_on = clock.local(row.placed_at).date()
        if days is None or finished.get((client_id, product_id), bought_on - timedelta(days=1)) >= bought_on:
            continue
        told = facts.get(client_id, NOTHING_KNOWN)
        own: tuple[Session, ...] = sessions.get(client_id, ())
        verdict = Calendar(own, clock.today(), rules, told).judge(label_of(row.inci))
        span = {"bought_on": bought_on, "supply_days": days}
        found.append(
            Supply(
                client_id=client_id,
                product_id=product_id,
                sku=row.sku,
                name=f"{row.brand} {row.name}",
                runs_out_on=runs_out_on(bought_on, days, verdict.pauses),
                nudge_on=nudge_on(bought_on, days, verdict.pauses),
                may_tell=client_id not in silent and verdict.verdict in ("use", "pause") and row.state == "live",
                **span,  # type: ignore[arg-type]
            )
        )
    return found


def _newest(ids: list[int]) -> dict[tuple[int, int], Any]:
    """(client, product) → its newest placed line."""
    columns = (Order.client_id, Order.placed_at, OrderLine.quantity, OrderLine.called_off, Variant.product_id, Variant.sku)
    more = (Variant.content_amount, Variant.content_unit, Product.amount_per_use_ml, Product.uses_per_day, Product.inci)
    rows = (
        select(*columns, *more, Product.name, Product.state, Brand.name.label("brand"))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Brand, Brand.id == Product.brand_id)
        .where(
            Order.client_id.in_(ids),
            Order.state == "placed",
            Order.placed_at > clock.now() - LOOKED_AT,
            OrderLine.quantity > OrderLine.called_off,
        )
        .order_by(Order.placed_at, OrderLine.id)
    )
    return {(row.client_id, row.product_id): row for row in db.session.execute(rows)}


def _days(row: Any) -> int | None:
    one = days_of_use(
        row.content_amount, row.content_unit, amount_per_use_ml=row.amount_per_use_ml, uses_per_day=row.uses_per_day
    )
    return one * (row.quantity - row.called_off) if one else None


def _frozen(ids: list[int]) -> set[int]:
    frozen = select(Credit.client_id).where(Credit.client_id.in_(ids), Credit.frozen_on.is_not(None))
    return set(db.session.scalars(frozen))


def _finished(ids: list[int]) -> dict[tuple[int, int | None], date]:
    """What a client has said to be used up, or never theirs."""
    said = select(CupboardItem).where(CupboardItem.client_id.in_(ids), CupboardItem.finished_at.is_not(None))
    return {
        (item.client_id, item.product_id): clock.local(item.finished_at).date()
        for item in db.session.scalars(said)
        if item.finished_at is not None
    }
