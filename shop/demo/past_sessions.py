"""What became of the sessions of the demo clinic's year: taken one by one at their distance, a few missed, the rest still open."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from shop.core import clock
from shop.core.db import db
from shop.core.ledger import Move, balance, next_move
from shop.core.units import unpack, worth
from shop.demo.past_visits import Diary
from shop.orders.models import Order, OrderLine
from shop.visits.booking import draw_number
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


def write_sessions(sale: SessionSale, dice: Random, diary: Diary) -> None:
    """The credit of the line with all its moves and visits, as if each had been kept at the desk."""
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
        free=len(units),
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
    moves = [first, *_taken(first, credit, dice, diary)]
    sums = balance(moves)
    credit.free, credit.held, credit.used, credit.reserved = sums.free, sums.held, sums.used, sums.reserved
    db.session.execute(insert(CreditMove), [_row(credit.id, move) for move in moves])


def _taken(first: Move, credit: Credit, dice: Random, diary: Diary) -> list[Move]:
    """Sessions from a few days after the purchase on, each at its gap or a little later, up to yesterday."""
    moves: list[Move] = []
    units, treatment_id = credit.units, credit.treatment_id or 0
    day = credit.bought_on + timedelta(days=dice.randint(3, 16))
    stop = len(units) if dice.random() < 0.7 else dice.randint(0, len(units))
    for number in range(stop):
        slot = None
        for _ in range(7):
            if day >= clock.today() or day > (first.expires_on or day):
                return moves
            if slot := diary.find(treatment_id, credit.client_id, day, dice):
                break
            day += timedelta(days=1)
        if slot is None:
            return moves
        uid, was_there = draw_number(), dice.random() >= 0.04
        for kind, act in (("book", "book"), ("redeem", "done") if was_there else ("no_show", "no-show")):
            past, cause = [first, *moves], f"visit:{uid}:0:{act}"
            moves.append(next_move(past, unpack(units), kind, cause=cause, by=BY, at=slot["starts_at"]))
        mine = {"client_id": credit.client_id, "credit_id": credit.id, "treatment_id": treatment_id}
        diary.keep(slot, was_there=was_there, credit=mine, uid=uid)
        day += timedelta(days=(credit.gaps[number][0] if number < len(credit.gaps) else 28) + dice.randint(0, 5))
    return moves


def _row(credit_id: int, move: Move) -> dict[str, Any]:
    names = ("kind", "sessions", "gross_minor", "vat_minor", "expires_on", "cause", "by", "reason", "at")
    return {"credit_id": credit_id, **{name: getattr(move, name) for name in names}}
