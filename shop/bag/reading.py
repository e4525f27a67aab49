"""What is in a bag, at today's prices and stock, in one statement (two more where a box or an add-on is in it)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from shop.bag.codes import codes_for, usable
from shop.bag.columns import piece_columns, shelf_order, with_pieces
from shop.bag.finding import Owner
from shop.bag.models import Bag, BagLine
from shop.bag.paying_with_cards import CardInBag, cards_for
from shop.bag.pieces import Piece, package_piece, variant_piece
from shop.bag.pricing import price_bag
from shop.bag.refusing import date_to_agree, problem_of
from shop.bag.unlocking import open_pieces
from shop.catalog.models import AddOn
from shop.core.db import db
from shop.core.settings import setting
from shop.inventory.selling import first_end
from shop.terms.discounts import Code
from shop.terms.pricing import Priced


@dataclass
class Extra:
    """An add-on of a package line."""

    id: int
    slug: str
    name: str
    count: int
    each_minor: int
    vat_percent: str


@dataclass
class BagItem:
    """One line of the bag. `problem` is the sentence that keeps it from being bought, or None.

    `accepts_end` is the date of short-dated goods to which the buyer has agreed, `asks_end` the one that still asks.
    """

    id: int
    kind: str
    quantity: int
    name: str
    detail: str
    link: str
    piece: Piece | None
    box_id: int | None
    components: list[tuple[Piece, int]]
    extras: list[Extra]
    unit_minor: int
    drawing: dict[str, Any] | None
    problem: str | None = None
    accepts_end: date | None = None
    asks_end: date | None = None
    gift: dict[str, Any] | None = None

    def agree(self) -> None:
        """The buyer's tick on a date holds for everything in this line."""
        for piece, _ in self.pieces:
            piece.accepts_end = self.accepts_end

    @property
    def gross_minor(self) -> int:
        return self.unit_minor * self.quantity + sum(extra.each_minor * extra.count for extra in self.extras)

    @property
    def pieces(self) -> list[tuple[Piece, int]]:
        """Every piece with how many of it this line needs in all."""
        if self.piece is not None:
            return [(self.piece, self.quantity)]
        return [(piece, count * self.quantity) for piece, count in self.components]


@dataclass
class BagView:
    """A whole bag as pages and checkout see it."""

    bag_id: int | None
    items: list[BagItem]
    names: list[str] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    code_problems: list[str] = field(default_factory=list)
    cards: list[CardInBag] = field(default_factory=list)

    @property
    def priced(self) -> Priced:
        """With the codes that apply to these lines today."""
        return price_bag(self.items, usable(self.codes, self.items)[0])

    @property
    def refused_codes(self) -> list[str]:
        """A sentence for each code that was typed in and takes nothing off now."""
        return [*self.code_problems, *usable(self.codes, self.items)[1]]

    def only(self, items: list[BagItem]) -> BagView:
        """The same bag with some of its lines; its codes are looked at anew."""
        return replace(self, items=items)

    @property
    def count(self) -> int:
        return sum(item.quantity for item in self.items)

    @property
    def total_minor(self) -> int:
        return self.priced.total_minor

    @property
    def problems(self) -> list[str]:
        return [item.problem for item in self.items if item.problem]

    @property
    def has_goods(self) -> bool:
        return any(piece.kind == "variant" for item in self.items for piece, _ in item.pieces)

    @property
    def has_sessions(self) -> bool:
        return any(piece.kind == "package" for item in self.items for piece, _ in item.pieces)


def read_bag(owner: Owner) -> BagView:
    """The owner's bag; an unknown owner has an empty one."""
    if not owner.is_known:
        return BagView(bag_id=None, items=[])
    (column, key), first = owner.known_by, first_end()
    rows = db.session.execute(_lines(column, first), {"owner": key}).all()
    items: dict[int, BagItem] = {}
    for row in rows:
        item = items.get(row.line_id)
        if item is None:
            item = items[row.line_id] = _item(row)
        if row.lot_id and item.piece:
            item.piece.add_shelf(row)
    view = BagView(bag_id=rows[0].bag_id if rows else None, items=list(items.values()))
    _add_extras(view.items, {row.line_id: row.addons for row in rows if row.addons})
    _add_boxes([item for item in view.items if item.box_id is not None])
    open_pieces([piece for item in view.items for piece, _ in item.pieces], owner)
    _find_problems(view.items)
    if rows and rows[0].cards:
        view.cards = cards_for(rows[0].cards)
    if rows and rows[0].codes:
        view.names = list(rows[0].codes)
        view.codes, view.code_problems = codes_for(view.names, view.items)
    return view


@lru_cache(maxsize=8)
def _lines(column: str, first: date) -> Select[Any]:
    """Made once a day for each way of knowing an owner: putting it together takes longer than answering it."""
    line = (BagLine.id.label("line_id"), BagLine.bag_id, BagLine.quantity, BagLine.addons)
    gift = (BagLine.gift_minor, BagLine.gift, Bag.cards)
    own = (*line, BagLine.box_id, BagLine.accepts_end, Bag.codes, *gift)
    lines = select(*own, *piece_columns()).select_from(Bag).join(BagLine, BagLine.bag_id == Bag.id)
    whole = with_pieces(lines, variant_id=BagLine.variant_id, package_id=BagLine.package_id, first=first)
    return whole.where(Bag.__table__.c[column] == bindparam("owner")).order_by(BagLine.id, *shelf_order())


def _item(row: Any) -> BagItem:
    if row.gift_minor is not None:
        return _gift_card(row)
    piece = variant_piece(row) if row.variant_id else package_piece(row) if row.package_id else None
    item = BagItem(
        id=row.line_id,
        kind=piece.kind if piece else "box",
        quantity=row.quantity,
        name=piece.name if piece else "",
        detail=piece.detail if piece else "",
        link=piece.link if piece else "",
        piece=piece,
        box_id=row.box_id,
        components=[],
        extras=[],
        unit_minor=piece.list_minor if piece else 0,
        drawing=piece.drawing if piece else None,
        accepts_end=row.accepts_end,
    )
    item.agree()
    return item


def _gift_card(row: Any) -> BagItem:
    gift = row.gift or {}
    return BagItem(
        id=row.line_id,
        kind="gift_card",
        quantity=row.quantity,
        name="Gift card",
        detail=f"for {gift['for_name']}" if gift.get("for_name") else "",
        link="/gift-cards",
        piece=None,
        box_id=None,
        components=[],
        extras=[],
        unit_minor=row.gift_minor,
        drawing=None,
        gift=gift,
    )


def _add_extras(items: Iterable[BagItem], wanted: dict[int, dict[str, int]]) -> None:
    if not wanted:
        return
    slugs = {slug for chosen in wanted.values() for slug in chosen}
    known = {addon.slug: addon for addon in db.session.scalars(select(AddOn).where(AddOn.slug.in_(slugs)))}
    for item in items:
        for slug, count in wanted.get(item.id, {}).items():
            addon = known.get(slug)
            if addon is None:
                item.problem = "One of its add-ons is not offered any more. Choose the package again."
                continue
            extra = Extra(addon.id, slug, addon.name, count, addon.per_session_minor, addon.vat_percent)
            item.extras.append(extra)


def _add_boxes(items: list[BagItem]) -> None:
    if not items:
        return
    from shop.bag.boxes import fill_boxes

    fill_boxes(items)


def _find_problems(items: list[BagItem]) -> None:
    """Stock is compared with what the whole bag needs of a size, so that two lines cannot share the last one."""
    needed: dict[int, int] = {}
    for item in items:
        for piece, count in item.pieces:
            piece.forbidden = piece.keep_lawful(setting("clinic.country"))
            if piece.kind == "variant":
                needed[piece.id] = needed.get(piece.id, 0) + count
    for item in items:
        for piece, _ in item.pieces:
            problem = problem_of(piece, needed.get(piece.id, 0))
            if problem and not item.problem:
                item.problem, item.asks_end = problem, date_to_agree(piece, needed.get(piece.id, 0))
