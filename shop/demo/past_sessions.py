"""What became of the sessions of the demo clinic's year: taken one by one at their distance, a few missed, the rest still open."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from shop.core import clock
from shop.core.db import db
from shop.core.ledger import Move, balance, next_move
from shop.core.units import unpack, worth
from shop.orders.models import Order, OrderLine
from shop.wallet.models import Credit, CreditMove

BY = "demo"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class SessionSale:
    """One package line of a past order."""

    order: Order
    line: OrderLine
    client_id: int
    at: datetime


def write_sessions(sale: SessionSale, dice: Random) -> None:
    """The credit of the line with all its moves, as if every visit had been kept at the desk."""
    facts, line = sale.line.details, sale.line
    cause = f"order-line:{line.id}:0"
    units = [[[f"order-line:{line.id}", g, v]] for g, v in zip(line.unit_gross, line.unit_vat, strict=True)]
    bought_on = clock.local(sale.at).date()
    expires_on = bought_on + timedelta(days=int(facts["validity_days"]))
    whole = worth(unpack(units))
    first = Move(
        kind="grant",
        sessions=len(units),
        cause=f"grant:{cause}",
        by=BY,
        at=sale.at,
        gross_minor=whole.gross_minor,
        vat_minor=whole.vat_minor,
        expires_on=expires_on,
    )
    moves = [first, *_taken(first, units, sale, dice)]
    sums = balance(moves)
    credit = Credit(
        code="".join(secrets.choice(ALPHABET) for _ in range(10)),
        client_id=sale.client_id,
        kind="sessions",
        package_id=line.package_id,
        treatment_id=facts["treatment_id"],
        name=line.name,
        statement_name=line.statement_name,
        area=facts["area"],
        gaps=facts["gaps"],
        granted=len(units),
        free=sums.free,
        held=sums.held,
        used=sums.used,
        reserved=sums.reserved,
        units=units,
        currency=sale.order.currency,
        bought_on=bought_on,
        expires_on=expires_on,
        extensions=0,
        order_number=sale.order.number,
        cause=cause,
        made_at=sale.at,
    )
    db.session.add(credit)
    db.session.flush()
    db.session.execute(insert(CreditMove), [_row(credit.id, move) for move in moves])


def _taken(first: Move, units: list[Any], sale: SessionSale, dice: Random) -> list[Move]:
    """Sessions from a few days after the purchase on, each at its gap or a little later, up to yesterday."""
    moves: list[Move] = []
    day = clock.local(sale.at).date() + timedelta(days=dice.randint(3, 16))
    gaps = [gap[0] for gap in sale.line.details["gaps"]]
    stop = len(units) if dice.random() < 0.7 else dice.randint(0, len(units))
    for number in range(stop):
        if day >= clock.today() or day > (first.expires_on or day):
            break
        at = clock.at_local(day, time(10 + dice.randrange(8), dice.choice((0, 15, 30, 45))))
        cause = f"demo:{sale.line.id}:{number}"
        for kind in ("book", "no_show" if dice.random() < 0.04 else "redeem"):
            past = [first, *moves]
            moves.append(next_move(past, unpack(units), kind, cause=f"{cause}:{kind}", by=BY, at=at))
        day += timedelta(days=(gaps[number] if number < len(gaps) else 28) + dice.randint(0, 5))
    return moves


def _row(credit_id: int, move: Move) -> dict[str, Any]:
    names = ("kind", "sessions", "gross_minor", "vat_minor", "expires_on", "cause", "by", "reason", "at")
    return {"credit_id": credit_id, **{name: getattr(move, name) for name in names}}
