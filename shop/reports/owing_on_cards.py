"""What is owed on gift cards: opening, sold, spent, given back, taken back, closing; every figure a sum over their ledger.

A card is a voucher for many things: no VAT on its sale, all of it on what is bought with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select

from shop.bag.cards import signed
from shop.bag.models import GiftCardMove
from shop.core.db import db
from shop.reports.spans import Month

FIGURES = {
    "issue": "Sold",
    "bring": "Brought along",
    "spend": "Spent",
    "release": "Not paid after all",
    "refund": "Paid back onto cards",
    "void": "Cards taken back",
}


@dataclass(frozen=True)
class CardsOwed:
    """`moved` holds each kind of move with its sign: opening and all of them make the closing."""

    opening_minor: int
    moved: dict[str, int]

    @property
    def closing_minor(self) -> int:
        return self.opening_minor + sum(self.moved.values())


def owed_on_cards(month: Month) -> CardsOwed:
    """One statement."""
    before = func.coalesce(func.sum(case((GiftCardMove.at < month.since, signed), else_=0)), 0)
    during = func.coalesce(func.sum(case((GiftCardMove.at >= month.since, signed), else_=0)), 0)
    rows = select(GiftCardMove.kind, before, during).where(GiftCardMove.at < month.until).group_by(GiftCardMove.kind)
    found = [(kind, int(earlier), int(now)) for kind, earlier, now in db.session.execute(rows)]
    moved = {kind: now for kind, _, now in found if now}
    return CardsOwed(sum(earlier for _, earlier, _ in found), {kind: moved[kind] for kind in FIGURES if kind in moved})
