"""A gift card is money that is owed: moves that are only added, and a balance that is their sum and never below zero.

What an order takes off a card leaves it at PREPARE, is money received once the order is placed, and comes back when the
order lapses. Cards are locked after codes, in the order of their ids.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select, update

from shop.bag import card_codes
from shop.bag.models import GiftCard, GiftCardMove
from shop.core import clock
from shop.core.db import changed, db, insert_once, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.history import record

SIGNS = {"issue": 1, "bring": 1, "spend": -1, "release": 1, "refund": 1, "void": -1}
signed = case((GiftCardMove.kind.in_(("spend", "void")), -GiftCardMove.amount_minor), else_=GiftCardMove.amount_minor)


class CardEmpty(Refused):
    """The card holds less than it did; `card_id` says which one has to be looked at again."""

    def __init__(self, card_id: int) -> None:
        super().__init__("A gift card holds less than it did when you saw it.", field="code")
        self.card_id = card_id


def issue(
    amount_minor: int,
    *,
    currency: str,
    cause: str,
    by: str,
    order_number: str | None = None,
    for_name: str = "",
    from_name: str = "",
    message: str = "",
    kind: str = "issue",
    code: str = "",
) -> GiftCard:
    """A new card with its whole amount on it; the same cause twice is the same card.

    `kind` "bring" moves one in that another till sold, under the `code` that is printed on it.
    """
    if amount_minor < 1:
        raise Refused("A gift card holds more than nothing.", field="amount")
    code = code or card_codes.draw()
    facts: dict[str, Any] = {"code_hash": card_codes.hashed(code), "code": code, "tail": code[-4:], "currency": currency}
    facts |= {"for_name": for_name, "from_name": from_name, "message": message, "order_number": order_number}
    new = insert_once(
        GiftCard, unique="cause", cause=cause, amount_minor=amount_minor, balance_minor=0, made_at=clock.now(), **facts
    )
    card = db.session.scalars(select(GiftCard).where(GiftCard.cause == cause)).one()
    if new:
        _move(card.id, kind, amount_minor, cause=f"{kind}:{cause}", order_number=order_number, by=by)
        db.session.refresh(card)
    return card


def get_card(card_id: int) -> GiftCard:
    """Raises NotFound."""
    return one_or_404(select(GiftCard).where(GiftCard.id == card_id), "There is no such gift card.")


def find_by_code(text: str) -> GiftCard | None:
    code = card_codes.tidy(text) or card_codes.tidy_old(text)
    return (
        db.session.scalars(select(GiftCard).where(GiftCard.code_hash == card_codes.hashed(code))).first() if code else None
    )


def spend(card_id: int, minor: int, *, order_number: str, by: str = "checkout") -> None:
    """Take an order's part off a card. Raises CardEmpty when it does not hold so much, or is blocked."""
    _move(card_id, "spend", minor, cause=f"spend:{order_number}:{card_id}", order_number=order_number, by=by)


def spent_on(order_number: str) -> list[tuple[int, int]]:
    """(card, minor) that the order holds of each card, by card."""
    net = func.sum(case((GiftCardMove.kind == "spend", GiftCardMove.amount_minor), else_=-GiftCardMove.amount_minor))
    mine = select(GiftCardMove.card_id, net).where(
        GiftCardMove.order_number == order_number, GiftCardMove.kind.in_(("spend", "release"))
    )
    rows = db.session.execute(mine.group_by(GiftCardMove.card_id).having(net > 0).order_by(GiftCardMove.card_id))
    return [(int(card_id), int(minor)) for card_id, minor in rows]


def release(order_number: str) -> None:
    """The order has lapsed: what it held is on the cards again."""
    for card_id, minor in spent_on(order_number):
        cause = f"release:{order_number}:{card_id}"
        _move(card_id, "release", minor, cause=cause, order_number=order_number, by="checkout")


def spend_again(order_number: str) -> None:
    """Money has come for an order that had lapsed: its cards pay their part as well. Raises CardEmpty if they cannot."""
    held = dict(spent_on(order_number))
    mine = select(GiftCardMove.card_id, GiftCardMove.amount_minor).where(
        GiftCardMove.order_number == order_number, GiftCardMove.kind == "spend"
    )
    for card_id, minor in db.session.execute(mine.order_by(GiftCardMove.card_id)).all():
        if card_id not in held:
            cause = f"spend:{order_number}:{card_id}:again"
            _move(card_id, "spend", minor, cause=cause, order_number=order_number, by="checkout")


def put_back(card_id: int, minor: int, *, cause: str, order_number: str, by: str) -> None:
    """A refund goes back onto the card that paid, blocked or not."""
    _move(card_id, "refund", minor, cause=cause, order_number=order_number, by=by)


def void(card: GiftCard, *, cause: str, by: str) -> None:
    """What was paid for the card goes back, so its whole amount leaves it. Raises Conflict once some of it was spent."""
    changed(update(GiftCard).where(GiftCard.id == card.id).values(tail=GiftCard.tail))
    db.session.refresh(card)
    if card.balance_minor != card.amount_minor:
        raise Conflict("Some of this gift card was spent, so it cannot be given back.")
    card.blocked_at = None
    db.session.flush()
    _move(card.id, "void", card.amount_minor, cause=f"void:{cause}:{card.id}", order_number=card.order_number, by=by)


def set_blocked(card: GiftCard, *, blocked: bool, by: str, reason: str) -> None:
    """A lost card pays nothing more until it is found again."""
    if not reason.strip():
        raise Refused("Say why.", field="reason")
    card.blocked_at = clock.now() if blocked else None
    now = "blocked" if blocked else "open"
    record(f"gift-card:{card.id}", axis="state", was=None, now=now, by=by, note=reason.strip())


def cards_of(order_number: str) -> list[GiftCard]:
    """The cards that were bought with an order."""
    return list(db.session.scalars(select(GiftCard).where(GiftCard.order_number == order_number).order_by(GiftCard.id)))


def moves_of(card: GiftCard) -> list[GiftCardMove]:
    """Oldest first."""
    mine = select(GiftCardMove).where(GiftCardMove.card_id == card.id)
    return list(db.session.scalars(mine.order_by(GiftCardMove.id)))


def differences() -> list[str]:
    """Cards whose balance is not what their moves add up to; for `shop check`."""
    sums = select(GiftCard.id, GiftCard.balance_minor, func.coalesce(func.sum(signed), 0))
    rows = sums.outerjoin(GiftCardMove, GiftCardMove.card_id == GiftCard.id).group_by(GiftCard.id)
    return [f"gift card {id}: {kept} kept, {found} found" for id, kept, found in db.session.execute(rows) if kept != found]


def _move(card_id: int, kind: str, minor: int, *, cause: str, order_number: str | None, by: str) -> None:
    """The balance first: its row stays locked, and of two who spend the last pound one is refused."""
    sign = SIGNS[kind]
    row = update(GiftCard).where(GiftCard.id == card_id)
    if sign < 0:
        row = row.where(GiftCard.balance_minor >= minor, GiftCard.blocked_at.is_(None))
    if not changed(row.values(balance_minor=GiftCard.balance_minor + sign * minor)):
        raise CardEmpty(card_id)
    facts = {"card_id": card_id, "kind": kind, "amount_minor": minor, "order_number": order_number}
    if not insert_once(GiftCardMove, unique="cause", **facts, cause=cause, at=clock.now(), by=by):
        changed(update(GiftCard).where(GiftCard.id == card_id).values(balance_minor=GiftCard.balance_minor - sign * minor))
