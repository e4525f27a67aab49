"""Sessions that no order here paid for are called off too: they leave at once, and a person sends the money."""

from __future__ import annotations

from sqlalchemy import select

from shop.core.db import db
from shop.core.errors import Refused
from shop.core.ledger import picked
from shop.core.units import Part, by_charge
from shop.orders.sending_back import send_back
from shop.wallet import moving, reserving
from shop.wallet.models import Credit, CreditMove

NOT_BROUGHT = "These sessions were bought here: call off their order instead."


def due_minor(credit: Credit) -> int:
    """What the sessions not used were paid for, wherever that was."""
    return sum(part.gross_minor for part in _parts(credit))


def give_up(credit: Credit, *, cause: str, by: str, reason: str) -> int:
    """Take every session that is left out of the wallet and ask a person to send its worth. Returns the amount; once.

    Raises Refused for sessions of an order, and without a reason.
    """
    if credit.order_number is not None:
        raise Refused(NOT_BROUGHT)
    if not reason.strip():
        raise Refused("Say why.", field="reason")
    moving.lock(credit.id)
    mine = f"given-up:{cause}"
    done = select(CreditMove.gross_minor).where(CreditMove.cause == f"refund:{mine}:{credit.id}")
    known = db.session.scalar(done)
    if known is not None:
        return int(known)
    for number in range(moving.balance_of(credit.id).booked):
        moving.release(credit.id, cause=f"release:{mine}:{credit.id}:{number}", by=by, reason="called off")
    parts, amount = _parts(credit), due_minor(credit)
    reserving.set_aside([credit.id], cause=mine, by=by, reason=reason)
    rows = [
        {
            "order": None,
            "what": credit.statement_name,
            "quantity": 1,
            "gross_minor": part.gross_minor,
            "vat_minor": part.vat_minor,
            "vat_percent": "",
            "rates": None,
        }
        for part in parts
    ]
    if amount:
        send_back(rows, cause=f"credit:{credit.code}", reason=reason, by=by)
    reserving.take_out([credit.id], cause=mine, by=by)
    return amount


def _parts(credit: Credit) -> list[Part]:
    free = moving.balance_of(credit.id).free
    if not free:
        return []
    units = moving.units_of(credit)
    chosen = picked(moving.moves_of(credit.id), "reserve", sessions=free)
    return by_charge(units[index] for index in chosen)
