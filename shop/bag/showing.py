"""A bag as its pages show it: every word and sum ready, so that templates only lay out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from shop.bag.filling import MOST_OF_ONE
from shop.bag.paying_with_cards import allot
from shop.bag.reading import BagItem, BagView
from shop.catalog.looks import look_of
from shop.core.money import money
from shop.core.settings import setting
from shop.core.templating import day
from shop.inventory.leaving import leaving_words
from shop.terms.addresses import country_name
from shop.terms.pricing import Priced
from shop.terms.shipping import default_table, missing_for_free


@dataclass
class Sum:
    """A row of the summary; `text` stands instead of the amount where there is one."""

    words: str
    minor: int = 0
    text: str = ""


@dataclass
class ShownLine:
    id: int
    name: str
    path: str
    detail: str
    total_minor: int
    quantity: int
    quantity_words: str
    can_change: bool
    most: int
    drawing: dict[str, Any] | None = None
    brand_name: str = ""
    concern_drawing: str = "plain"
    hue: int = 30
    addons: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[Any] | None = None
    upkeep_days: int | None = None
    stock_word: str = ""
    stock_kind: str = "good"
    problem: str = ""
    asks_end: str = ""
    asks_words: str = ""
    care: str = ""
    care_kind: str = ""


@dataclass
class ShownBag:
    lines: list[ShownLine]
    problems: list[str]
    sums: list[Sum]
    total_minor: int
    vat_minor: int
    codes: list[str]
    delivery_words: str
    cards: list[Sum] = field(default_factory=list)
    tails: list[str] = field(default_factory=list)

    @property
    def due_minor(self) -> int:
        """What is still to be paid when the gift cards have paid."""
        return self.total_minor + sum(card.minor for card in self.cards)


def shown(
    bag: BagView, priced: Priced | None = None, *, delivery: str = "", waiting: Mapping[int, str] | None = None
) -> ShownBag:
    """`priced` holds the delivery once it is known; `delivery` is how the person wants it; `waiting` lines say why."""
    whole = priced or bag.priced
    return ShownBag(
        lines=[_line(item, (waiting or {}).get(item.id, "")) for item in bag.items],
        problems=_problems(bag),
        sums=sums(whole, delivery=delivery),
        total_minor=whole.total_minor,
        vat_minor=whole.vat_minor,
        codes=bag.names,
        delivery_words=_delivery_words(bag, whole),
        cards=[Sum(card.words, -minor) for card, minor in allot(bag.cards, whole, currency=_currency())],
        tails=[card.tail for card in bag.cards],
    )


def sums(priced: Priced, *, delivery: str = "") -> list[Sum]:
    """Sessions and products before codes, then the codes and delivery, as far as there are any: they add up."""
    rows = []
    if priced.sessions_before_minor:
        rows.append(Sum("Sessions", priced.sessions_before_minor))
    if priced.goods_before_minor:
        rows.append(Sum("Products", priced.goods_before_minor))
    if priced.gift_cards_minor:
        rows.append(Sum("Gift cards", priced.gift_cards_minor))
    rows += [Sum(f"Code {name}", -minor) for name, minor in priced.discounts]
    if priced.delivery is not None:
        rows.append(Sum("Delivery", priced.delivery_minor, "" if priced.delivery_minor else "free"))
    elif delivery == "collect":
        rows.append(Sum("Collect at the clinic", 0, "free"))
    return rows


def _problems(bag: BagView) -> list[str]:
    stands = all(item.problem is None for item in bag.items)
    return [*([] if stands else ["Something in your bag needs a look."]), *bag.refused_codes]


def _line(item: BagItem, waits: str = "") -> ShownLine:
    look = look_of(item.piece.facts.get("treatment_id") if item.piece else None)
    is_goods = item.kind == "variant"
    return ShownLine(
        id=item.id,
        name=item.name,
        path=item.link,
        detail=_detail(item),
        total_minor=item.unit_minor * item.quantity,
        quantity=item.quantity,
        quantity_words=_quantity_words(item),
        can_change=item.kind not in ("package", "gift_card"),
        most=_most(item),
        drawing=item.drawing,
        brand_name=item.drawing["brand"] if item.drawing else "",
        concern_drawing=look.drawing,
        hue=look.hue,
        addons=[
            {"words": f"{extra.count} × {extra.name}", "total_minor": extra.each_minor * extra.count}
            for extra in item.extras
        ],
        gaps=item.piece.facts["gaps"] if item.kind == "package" and item.piece else None,
        stock_word=_stock_word(item) if is_goods and not item.problem else "",
        stock_kind="wait" if _agreed(item) else "good",
        problem=item.problem or waits,
        asks_end=item.asks_end.isoformat() if item.asks_end else "",
        asks_words=day(item.asks_end, weekday=False, year=True) if item.asks_end else "",
    )


def _most(item: BagItem) -> int:
    if item.kind != "variant" or item.piece is None:
        return MOST_OF_ONE
    return min(MOST_OF_ONE, sum(shelf.available for shelf in item.piece.shelves) or MOST_OF_ONE)


def _quantity_words(item: BagItem) -> str:
    if item.kind == "gift_card":
        return "" if item.quantity == 1 else f"{item.quantity} cards"
    one = "session" if item.piece and item.piece.facts.get("sessions") == 1 else "series"
    return f"One {one}" if item.quantity == 1 else f"{item.quantity} {one}{'s' if one == 'session' else ''}"


def _detail(item: BagItem) -> str:
    if item.kind == "variant" and item.piece:
        size = item.piece.facts["size"]
        each = f"{money(item.unit_minor)} each" if item.quantity > 1 else ""
        return " · ".join(part for part in (size, each) if part)
    if item.kind == "package" and item.piece:
        sessions = item.piece.facts["sessions"]
        each = f"{money(-(-item.unit_minor // sessions), short=True)} a session" if sessions > 1 else ""
        return " · ".join(part for part in (item.piece.facts["area"].capitalize(), each) if part)
    return item.detail


def _agreed(item: BagItem) -> str:
    """The earliest date among the short-dated goods that this line takes with the buyer's tick."""
    fresh = sum(shelf.available for piece, _ in item.pieces for shelf in piece.shelves if not shelf.is_short)
    ends = [s.expires_on for piece, _ in item.pieces for s in piece.sold if s.is_short and s.expires_on]
    return day(min(ends), weekday=False, year=True) if ends and item.quantity > fresh else ""


def _stock_word(item: BagItem) -> str:
    if agreed := _agreed(item):
        return f"Short-dated, use by {agreed}"
    left = item.piece.available if item.piece else 0
    return "In stock" if left > 5 else f"{left} left"


def _delivery_words(bag: BagView, priced: Priced) -> str:
    if not bag.has_goods:
        return ""
    country = setting("clinic.country")
    leaves = f" {leaving_words()}"
    missing = missing_for_free(default_table(), country=country, goods_minor=priced.goods_minor)
    if missing is None:
        return "Delivery is added at checkout, or collect at the clinic for nothing." + leaves
    where = country_name(country)
    if missing == 0:
        free = f"within the {where} is free, or collect at the clinic." if country == "GB" else f"to {where} is free."
        return f"Delivery {free}{leaves}"
    return f"Add {money(missing)} of products and delivery is free; collecting at the clinic always is.{leaves}"


def _currency() -> str:
    currency: str = current_app.config["SHOP"].currency
    return currency
