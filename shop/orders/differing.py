"""What sessions were worth more than what they became goes back to whoever paid, each part to its own order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from shop.core.db import changed, db
from shop.core.units import Part
from shop.orders.models import Order, OrderLine
from shop.orders.sending_back import send_back
from shop.wallet.models import Credit
from shop.wallet.moving import units_of

LINE = "order-line:"


def lock_payers(credit: Credit) -> None:
    """Lock every order that paid for these sessions, in order; who pays back locks orders before credits."""
    charges = [part.charge for unit in units_of(credit) for part in unit.parts]
    numbers = {number for number, _ in payers_of(charges).values()} | {credit.order_number or ""}
    for order_id in db.session.scalars(select(Order.id).where(Order.number.in_(numbers)).order_by(Order.id)):
        changed(update(Order).where(Order.id == order_id).values(state=Order.state))


def payers_of(charges: Sequence[str]) -> dict[str, tuple[str, str]]:
    """{charge: (order, VAT rate of its line)}; what was paid before this shop has no order."""
    ids = {int(charge.removeprefix(LINE)) for charge in charges if charge.startswith(LINE)}
    lines = select(OrderLine.id, Order.number, OrderLine.vat_percent).join(Order, Order.id == OrderLine.order_id)
    rows = db.session.execute(lines.where(OrderLine.id.in_(ids)))
    return {f"{LINE}{row.id}": (row.number, row.vat_percent) for row in rows}


def pay_difference(back: Sequence[Part], *, cause: str, what: str, reason: str, by: str) -> int:
    """Ask for each part to go back the way it came. Returns the sum."""
    payers = payers_of([part.charge for part in back])
    rows = []
    for part in back:
        number, percent = payers.get(part.charge, (None, ""))
        rows.append(
            {
                "order": number,
                "what": what,
                "quantity": 1,
                "gross_minor": part.gross_minor,
                "vat_minor": part.vat_minor,
                "vat_percent": percent,
                "rates": None,
            }
        )
    if rows:
        send_back(rows, cause=cause, reason=reason, by=by)
    return sum(part.gross_minor for part in back)
