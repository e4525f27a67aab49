"""What exactly is to be paid: the bag at today's prices, the delivery to that country, and the words for Stripe."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import current_app

from shop.bag.paying_with_cards import allot
from shop.bag.pricing import Sold, things
from shop.bag.reading import BagView
from shop.core.errors import Refused
from shop.core.money import money
from shop.core.settings import setting
from shop.payments.currencies import smallest_charge_minor
from shop.terms.addresses import country_name
from shop.terms.pricing import Priced, with_delivery
from shop.terms.shipping import default_table, delivery_minor


@dataclass(frozen=True)
class Quote:
    """One bag, priced to the penny for one address. `codes` are the clinic's, each with what it takes off; `cards` are gift cards, each with what it pays."""

    priced: Priced
    sold: dict[str, Sold]
    has_goods: bool
    has_sessions: bool
    codes: tuple[tuple[str, int], ...] = ()
    cards: tuple[tuple[int, int], ...] = ()

    @property
    def total_minor(self) -> int:
        return self.priced.total_minor

    @property
    def card_minor(self) -> int:
        """What gift cards pay of it."""
        return sum(minor for _, minor in self.cards)

    @property
    def due_minor(self) -> int:
        """What is left for Stripe or the desk."""
        return self.total_minor - self.card_minor


def quote(bag: BagView, *, country: str, delivery: str) -> Quote:
    """Raises Refused when nothing can be delivered to that country."""
    priced = bag.priced
    collect = delivery != "ship" or not bag.has_goods
    _refuse_unlawful(bag, setting("clinic.country") if collect else country)
    cost = delivery_minor(
        default_table(),
        country=country,
        weight_grams=priced.weight_grams,
        goods_minor=priced.goods_minor,
        has_goods=bag.has_goods,
        collect=collect,
    )
    whole = priced if collect else with_delivery(priced, cost)
    currency = current_app.config["SHOP"].currency
    cards = tuple((card.id, minor) for card, minor in allot(bag.cards, whole, currency=currency))
    return Quote(whole, things(bag.items), bag.has_goods, bag.has_sessions, codes=whole.discounts, cards=cards)


def _refuse_unlawful(bag: BagView, country: str) -> None:
    """What the law of the country does not allow any more is not sent there, lot by lot. Raises Refused."""
    wanted = [(piece, count) for item in bag.items for piece, count in item.pieces]
    needed = Counter({piece.id: 0 for piece, _ in wanted})
    for piece, count in wanted:
        needed[piece.id] += count if piece.kind == "variant" else 0
    for piece, _ in wanted:
        before, why = piece.available, piece.keep_lawful(country)
        if why:
            raise Refused(f"{piece.name} {why.replace('there', f'in {country_name(country)}')}. Please take it out.")
        if piece.available < min(before, needed[piece.id]):
            left = f"Only {piece.available} of {piece.name} may still be sold in {country_name(country)}"
            raise Refused(f"{left}. Please choose fewer.")


def fingerprint(quoted: Quote, contact: dict[str, Any]) -> str:
    """Equal for two clicks on the same page; different as soon as a line, a price or the address differs."""
    lines = [(line.key, line.quantity, line.gross_minor) for line in quoted.priced.leaves]
    return sha256(repr((lines, quoted.total_minor, quoted.cards, sorted(contact.items()))).encode()).hexdigest()


def refuse_unchargeable(total_minor: int, currency: str) -> None:
    """Stripe refuses tiny charges, which is said before anything is written; nothing at all is fine. Raises Refused."""
    least = max(setting("checkout.minimum_minor"), smallest_charge_minor(currency))
    if 0 < total_minor < least:
        raise Refused(f"Amounts under {money(least, currency)} cannot be paid by card. Please add something small.")
