"""A bag as the pure arithmetic of `terms` sees it, and back: which line of the price list is which thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shop.core import clock
from shop.core.settings import charges_vat
from shop.terms.discounts import Code
from shop.terms.pricing import Priced, Wanted, price

if TYPE_CHECKING:
    from shop.bag.pieces import Piece
    from shop.bag.reading import BagItem

Promise = tuple[int, int]  # (stock row, units)


@dataclass
class Sold:
    """What a priced line stands for on an order; `key` is the line's key, `parent` the key of its package or box.

    `short` holds the last day of each of its shelves that is short-dated.
    """

    key: str
    kind: str
    name: str
    statement_name: str
    details: dict[str, Any]
    variant_id: int | None = None
    package_id: int | None = None
    addon_id: int | None = None
    box_id: int | None = None
    parent: str | None = None
    shelves: list[Promise] = field(default_factory=list)
    short: dict[int, str] = field(default_factory=dict)


def price_bag(items: Iterable[BagItem], codes: Iterable[Code] = ()) -> Priced:
    """Prices without delivery; VAT is nil while the clinic is not registered. Raises Refused for an unusable code."""
    return price([line for item in items for line in wanted_of(item)], codes=codes, on=clock.today())


def things(items: Iterable[BagItem]) -> dict[str, Sold]:
    """What stands behind each key, with the shelves it comes from: first expired first sold, over the whole bag."""
    taken: dict[int, int] = {}
    return {sold.key: sold for item in items for sold in _sold(item, taken)}


def wanted_of(item: BagItem) -> Iterator[Wanted]:
    key = f"line:{item.id}"
    if item.kind == "gift_card":  # money for money: VAT falls due when it is spent
        yield Wanted(
            key=key, kind="gift_card", what=item.name, list_minor=item.unit_minor, quantity=item.quantity, vat_percent="0"
        )
    elif item.piece is not None:
        yield _wanted_piece(key, item.piece, item.quantity)
    else:
        parts = tuple(_wanted_piece(f"{key}:{n}", piece, count) for n, (piece, count) in enumerate(item.components))
        yield Wanted(key=key, kind="box", what=item.name, list_minor=item.unit_minor, quantity=item.quantity, parts=parts)
    for extra in item.extras:
        yield Wanted(
            key=f"{key}:{extra.slug}",
            kind="addon",
            what=extra.name,
            list_minor=extra.each_minor,
            quantity=extra.count,
            vat_percent=_rate(extra.vat_percent),
            slug=extra.slug,
        )


def _wanted_piece(key: str, piece: Piece, quantity: int) -> Wanted:
    return Wanted(
        key=key,
        kind=piece.kind,
        what=piece.name,
        list_minor=piece.list_minor,
        quantity=quantity,
        units=int(piece.facts.get("sessions", 1)),
        vat_percent=_rate(piece.vat_percent),
        weight_grams=piece.weight_grams,
        slug=piece.ref,
    )


def _rate(percent: str) -> str:
    return percent if charges_vat() else "0"


def _sold(item: BagItem, taken: dict[int, int]) -> Iterator[Sold]:
    key = f"line:{item.id}"
    if item.kind == "gift_card":
        yield Sold(key, "gift_card", item.name, "Gift card", {"gift": item.gift or {}, "detail": item.detail})
    elif item.piece is not None:
        yield _sold_piece(key, item.piece, item.quantity, taken)
    else:
        details = {"link": item.link, "detail": item.detail}
        yield Sold(key, "box", item.name, item.name, details, box_id=item.box_id)
        for n, (piece, count) in enumerate(item.components):
            part = _sold_piece(f"{key}:{n}", piece, count * item.quantity, taken)
            part.parent = key
            yield part
    for extra in item.extras:
        details = {"addon": extra.slug}
        yield Sold(f"{key}:{extra.slug}", "addon", extra.name, "Session extra", details, addon_id=extra.id, parent=key)


def _sold_piece(key: str, piece: Piece, quantity: int, taken: dict[int, int]) -> Sold:
    details = {**piece.facts, "detail": piece.detail, "link": piece.link, "drawing": piece.drawing}
    sold = Sold(key, piece.kind, piece.name, piece.statement_name, details)
    if piece.kind == "package":
        sold.package_id = piece.id
    else:
        sold.variant_id = piece.id
        sold.shelves = _choose(piece, quantity, taken)
        sold.short = {s.stock_id: s.expires_on.isoformat() for s in piece.short if s.expires_on}
    return sold


def _choose(piece: Piece, quantity: int, taken: dict[int, int]) -> list[Promise]:
    chosen, missing = [], quantity
    for shelf in piece.sold:
        units = min(missing, shelf.available - taken.get(shelf.stock_id, 0))
        if units > 0:
            chosen.append((shelf.stock_id, units))
            taken[shelf.stock_id] = taken.get(shelf.stock_id, 0) + units
            missing -= units
    return chosen
