"""What keeps a thing in a bag from being sold: the shelf, its date, the law, or a consultation that comes first."""

from __future__ import annotations

from datetime import date

from shop.bag.pieces import Piece
from shop.core.templating import day


def problem_of(piece: Piece, needed: int) -> str | None:
    """A sentence, or None for what can be sold as the bag stands; `needed` is what the whole bag wants of it."""
    if not piece.is_offered:
        return f"{piece.name} is not offered any more. Please take it out."
    if piece.kind == "package":
        if piece.sold_as != "online":
            return f"{piece.name} begins with a consultation; it cannot be paid for here yet."
        return None
    if piece.forbidden:
        return f"{piece.name} {piece.forbidden.replace(' there', '')}. Please take it out."
    if piece.available >= needed:
        return None
    if date_to_agree(piece, needed):
        return _short_sentence(piece, needed)
    if piece.available == 0:
        return f"{piece.name} is out of stock at the moment."
    return f"Only {piece.available} of {piece.name} left. Please choose fewer."


def date_to_agree(piece: Piece, needed: int) -> date | None:
    """The date that would have to be agreed to, if that is all that is missing."""
    fresh = sum(shelf.available for shelf in piece.shelves if not shelf.is_short)
    if not piece.is_offered or piece.available >= needed or fresh + sum(s.available for s in piece.short) < needed:
        return None
    left, latest_first = needed - fresh, sorted(piece.short, key=lambda shelf: shelf.expires_on or date.max, reverse=True)
    for shelf in latest_first:
        left -= shelf.available
        if left <= 0:
            return shelf.expires_on
    return None


def _short_sentence(piece: Piece, needed: int) -> str:
    ends = day(date_to_agree(piece, needed) or date.max, weekday=False, year=True)
    lasts = f", and one lasts about {piece.use_days} days" if piece.use_days else ""
    return f"{piece.name} is short-dated: use it by {ends}{lasts}."
