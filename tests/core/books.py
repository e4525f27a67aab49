"""One credit written move by move, for the tests of the ledger, without a database."""

from __future__ import annotations

from datetime import UTC, datetime

from shop.core.ledger import (
    Move,
    next_move,
    places,
)
from shop.core.units import units, worth


def at(month, day, year=2026):
    return datetime(year, month, day, 12, tzinfo=UTC)


class Book:
    """One credit written move by move, as the shop writes it, without a database."""

    def __init__(self, shares, *, cause="order-line:1", expires_on=None, when=None):
        self.units = tuple(shares)
        paid = worth(shares)
        self.moves = [
            Move(
                kind="grant",
                sessions=len(self.units),
                cause=cause,
                by="client",
                at=when,
                gross_minor=paid.gross_minor,
                vat_minor=paid.vat_minor,
                expires_on=expires_on,
            )
        ]

    def __call__(self, kind, sessions=1, *, when=None):
        cause = f"{kind}:{len(self.moves)}"
        move = next_move(self.moves, self.units, kind, sessions=sessions, cause=cause, by="desk", at=when)
        self.moves.append(move)
        return move

    def period(self, kind, when, expires_on=None):
        cause = f"{kind}:{len(self.moves)}"
        self.moves.append(Move(kind=kind, sessions=0, cause=cause, by="desk", at=when, expires_on=expires_on))

    def lying(self, *where):
        return [unit for unit, place in zip(self.units, places(self.moves), strict=True) if place in where]


def six_for_540(**options):
    return Book(units(54000, 9000, 6, charge="order-line:1"), **options)
