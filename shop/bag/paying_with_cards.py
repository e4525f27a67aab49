"""Gift cards in a bag: each pays what it can, the rest is paid as usual. A gift card never buys a gift card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from shop.bag import cards
from shop.bag.finding import Owner
from shop.bag.models import Bag, GiftCard
from shop.core.db import changed, db
from shop.core.errors import NotFound, Refused
from shop.core.money import money
from shop.core.settings import setting
from shop.payments.currencies import smallest_charge_minor
from shop.terms.pricing import Priced

MOST_CARDS = 5


@dataclass(frozen=True)
class CardInBag:
    """A card that was typed in; `left_minor` is what it could pay today."""

    id: int
    tail: str
    left_minor: int

    @property
    def words(self) -> str:
        return f"Gift card ending {self.tail}"


def put_card_in(owner: Owner, card: GiftCard, *, held: Sequence[int]) -> str:
    """What to say about it. Raises Refused for an empty or blocked card, or one that is in the bag already."""
    if card.id in held:
        raise Refused("This gift card is in your bag already.", field="code")
    if card.blocked_at is not None:
        raise Refused("This gift card has been blocked. Please call us.", field="code")
    if not card.balance_minor:
        raise Refused("Nothing is left on this gift card.", field="code")
    if len(held) >= MOST_CARDS:
        raise Refused(f"At most {MOST_CARDS} gift cards at once.", field="code")
    changed(update(Bag).where(owner.condition).values(cards=[*held, card.id]))
    return f"Your gift card holds {money(card.balance_minor, card.currency)}; it is taken off what you pay."


def take_card_out(owner: Owner, tail: str, *, cards_held: Sequence[CardInBag]) -> None:
    """Raises NotFound for a card that is not in the bag."""
    kept = [card.id for card in cards_held if card.tail != tail]
    if len(kept) == len(cards_held):
        raise NotFound("That gift card is not in your bag any more.")
    changed(update(Bag).where(owner.condition).values(cards=kept))


def cards_for(ids: Sequence[int]) -> list[CardInBag]:
    """In the order in which they were typed in; one that is blocked or empty pays nothing."""
    if not ids:
        return []
    rows = {card.id: card for card in db.session.scalars(select(GiftCard).where(GiftCard.id.in_(ids)))}
    known = [rows[id] for id in ids if id in rows]
    return [CardInBag(card.id, card.tail, 0 if card.blocked_at else card.balance_minor) for card in known]


def allot(held: Sequence[CardInBag], priced: Priced, *, currency: str) -> list[tuple[CardInBag, int]]:
    """What each card pays. Where a few pennies would be left that no card company takes, the last card pays so much less."""
    open_minor = priced.total_minor - priced.gift_cards_minor
    shares: list[tuple[CardInBag, int]] = []
    for card in held:
        share = min(card.left_minor, open_minor)
        open_minor -= share
        shares.append((card, share))
    least = max(setting("checkout.minimum_minor"), smallest_charge_minor(currency))
    due = open_minor + priced.gift_cards_minor
    if 0 < due < least <= priced.total_minor:
        shares = _less(shares, least - due)
    return [(card, share) for card, share in shares if share]


def find_card(text: str) -> GiftCard | None:
    """The card behind what was typed, if it looks like one and is one."""
    return cards.find_by_code(text)


def _less(shares: list[tuple[CardInBag, int]], minor: int) -> list[tuple[CardInBag, int]]:
    kept = []
    for card, share in reversed(shares):
        off = min(share, minor)
        minor -= off
        kept.append((card, share - off))
    return list(reversed(kept))
