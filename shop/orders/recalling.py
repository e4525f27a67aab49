"""Who got something of a lot: exactly the orders it was dispatched to; each of these people is written to once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.core.mail import send
from shop.inventory.models import Lot, Stock
from shop.inventory.outliving import days_of_use
from shop.orders.models import Order, OrderLine, Parcel


@dataclass(frozen=True)
class Got:
    """One order that brought units of the lot. `used_up_on` is when they are probably used up, if that can be said."""

    number: str
    client_id: int | None
    name: str
    email: str
    phone: str
    units: int
    left_at: datetime
    used_up_on: date | None

    @property
    def is_used_up(self) -> bool:
        return self.used_up_on is not None and self.used_up_on <= clock.today()


@dataclass(frozen=True)
class Waiting:
    """An order that still waits for units of the lot and must get others."""

    number: str
    name: str
    line_id: int
    units: int


def who_got(lot_id: int) -> list[Got]:
    """Oldest first; two statements."""
    use_days = _use_days(lot_id)
    left = select(Parcel.order_id, func.max(Parcel.left_at).label("left_at")).group_by(Parcel.order_id).subquery()
    rows = (
        select(Order, func.sum(OrderLine.done).label("units"), left.c.left_at)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Stock, Stock.id == OrderLine.stock_id)
        .outerjoin(left, left.c.order_id == Order.id)
        .where(Stock.lot_id == lot_id, OrderLine.done > 0)
        .group_by(Order.id, left.c.left_at)
        .order_by(Order.id)
    )
    return [_got(order, int(units), left_at, use_days) for order, units, left_at in db.session.execute(rows)]


def who_waits(lot_id: int) -> list[Waiting]:
    """Placed orders that are promised units of this lot."""
    units = OrderLine.quantity - OrderLine.done - OrderLine.called_off
    rows = (
        select(Order.number, Order.name, OrderLine.id, units)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Stock, Stock.id == OrderLine.stock_id)
        .where(Stock.lot_id == lot_id, Order.state == "placed", units > 0)
    )
    return [Waiting(*row) for row in db.session.execute(rows.order_by(Order.id, OrderLine.id))]


def tell_clients(*, lot_id: int, reason: str, advice: str, by: str) -> None:
    """Hears "lot_recalled": one message to each address, however many orders it had."""
    lot, sku, product, size = _article(lot_id)
    for email, got in by_address(who_got(lot_id)).items():
        send(
            "lot_recalled",
            to=got[0].email,
            subject="Please read: a product you bought from us",
            key=f"lot_recalled:{lot_id}:{email}",
            name=got[0].name,
            product=product,
            size=size,
            sku=sku,
            lot=lot,
            numbers=[one.number for one in got],
            units=sum(one.units for one in got),
            reason=reason,
            advice=advice,
        )


def by_address(got: Iterable[Got]) -> dict[str, list[Got]]:
    """The same person under the same address, in any case of letters."""
    found: dict[str, list[Got]] = {}
    for one in got:
        found.setdefault(one.email.strip().lower(), []).append(one)
    return found


def _got(order: Order, units: int, left_at: datetime | None, use_days: int | None) -> Got:
    left = left_at or order.placed_at or order.made_at
    until = clock.local(left).date() + timedelta(days=use_days * units) if use_days else None
    return Got(order.number, order.client_id, order.name, order.email, order.phone, units, left, until)


def _use_days(lot_id: int) -> int | None:
    rows = select(Variant.content_amount, Variant.content_unit, Product.amount_per_use_ml, Product.uses_per_day)
    joined = rows.join(Lot, Lot.variant_id == Variant.id).join(Product, Product.id == Variant.product_id)
    row = db.session.execute(joined.where(Lot.id == lot_id)).one()
    return days_of_use(row[0], row[1], amount_per_use_ml=row[2], uses_per_day=row[3])


def _article(lot_id: int) -> tuple[str, str, str, str]:
    rows = select(Lot.code, Variant, Product.name).join(Variant, Variant.id == Lot.variant_id)
    code, variant, name = db.session.execute(
        rows.join(Product, Product.id == Variant.product_id).where(Lot.id == lot_id)
    ).one()
    return code, variant.sku, name, variant.size
