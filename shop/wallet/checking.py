"""Proof that what a client sees left is what the moves of each credit add up to, to the session and to the penny."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import select

from shop.core.db import db
from shop.core.ledger import Move, balance, check, expiry, frozen_since
from shop.core.units import unpack, worth
from shop.wallet.models import Credit, CreditMove
from shop.wallet.moving import as_move

AT_ONCE = 1000
COMES = ("grant", "receive")


def differences() -> list[str]:
    """One sentence for each credit whose counters, dates or shares are not what its ledger says."""
    found: list[str] = []
    columns = select(*Credit.__table__.c).order_by(Credit.id).limit(AT_ONCE)
    after = 0
    while credits := db.session.execute(columns.where(Credit.id > after)).all():
        moves = _moves([credit.id for credit in credits])
        for credit in credits:
            found += [f"credit {credit.code}: {what}" for what in _wrong(credit, moves.get(credit.id, []))]
        after = credits[-1].id
    return found


def _moves(credit_ids: list[int]) -> dict[int, list[Move]]:
    rows = select(*CreditMove.__table__.c).where(CreditMove.credit_id.in_(credit_ids))
    ordered = rows.order_by(CreditMove.credit_id, CreditMove.id)
    grouped = groupby(db.session.execute(ordered), key=lambda row: row.credit_id)
    return {credit_id: [as_move(row) for row in theirs] for credit_id, theirs in grouped}


def _wrong(credit: Any, moves: list[Move]) -> Iterator[str]:
    problems = check(moves)
    if problems:
        yield from problems
        return
    sums = balance(moves)
    cached = (credit.free, credit.held, credit.used, credit.reserved)
    if cached != (sums.free, sums.held, sums.used, sums.reserved):
        yield f"shows {cached}, its moves add up to {sums}"
    if bool(frozen_since(moves)) != bool(credit.frozen_on):
        yield f"shows a pause since {credit.frozen_on}, its moves say {frozen_since(moves)}"
    if expiry(moves) and expiry(moves) != credit.expires_on:
        yield f"ends on {credit.expires_on}, its moves say {expiry(moves)}"
    came = [move for move in moves if move.kind in COMES]
    paid = worth(unpack(credit.units))
    if sum(move.sessions for move in came) != len(credit.units):
        yield f"has shares for {len(credit.units)} sessions, its moves brought {sum(move.sessions for move in came)}"
    if (sum(m.gross_minor for m in came), sum(m.vat_minor for m in came)) != (paid.gross_minor, paid.vat_minor):
        yield f"its shares are worth {paid.gross_minor}, its moves brought {sum(m.gross_minor for m in came)}"
