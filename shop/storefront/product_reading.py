"""Everything a product's page needs of the database, in one statement that is built once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, Text, and_, bindparam, cast, func, literal_column, select

from shop.bag.filling import MOST_OF_ONE
from shop.catalog.cards import BRAND, PRODUCT, VARIANT, said_size, unit_price
from shop.catalog.models import Brand, Product, ProductConcern, ProductFacet, Variant
from shop.core.errors import NotFound
from shop.core.gathering import BETWEEN, WITHIN, gathered
from shop.core.money import money
from shop.core.reading import Question
from shop.core.templating import day
from shop.inventory.models import Lot, Stock
from shop.inventory.outliving import days_of_use
from shop.inventory.selling import first_end, is_short, may_be_sold

FEW = 5
WORD = literal_column
STOCK, LOT = Stock.__table__.c, Lot.__table__.c


@dataclass(slots=True)
class Size:
    """One size; `most` is how many can be put into the bag, 0 when there is none."""

    sku: str
    barcode: str
    size: str
    price_minor: int
    price: str
    lowest: str
    unit_price: str
    stock_word: str
    stock_kind: str
    most: int
    amount: int | None
    unit: str


class Link(NamedTuple):
    """Why it stands at a concern: essential before helpful, then by its place in the list."""

    role: str
    line: int
    concern_id: int
    active: str
    reason: str


@dataclass(slots=True)
class Read:
    """A live product's row with its brand's name, the sizes that are sold, its classes, and its links."""

    product: Row[Any]
    sizes: list[Size]
    classes: frozenset[str]
    links: list[Link]


def read_product(slug: str, *, currency: str) -> Read:
    """Raises NotFound."""
    rows = _PRODUCT.ask(slug=slug, first=first_end())
    if not rows:
        raise NotFound("This product is not in the shop any more.")
    product = rows[0]
    sizes = [_size(row, currency) for row in rows if row.sku is not None]
    links = sorted(map(_link, filter(_is_whole, (product.links or "").split(BETWEEN))))
    return Read(product, sizes, frozenset(filter(None, (product.classes or "").split(BETWEEN))), links)


def chosen_size(sizes: Sequence[Size], sku: str = "") -> Size | None:
    """The size asked for, else the cheapest in stock, else the first."""
    if len(sizes) < 2:
        return sizes[0] if sizes else None
    asked = [size for size in sizes if size.sku == sku]
    there = sorted((size for size in sizes if size.most), key=lambda size: size.price_minor)
    return next(iter([*asked, *there, *sizes]), None)


def _size(row: Any, currency: str) -> Size:
    left, word, kind = _stock(row)
    return Size(
        sku=row.sku,
        barcode=row.barcode or "",
        size=said_size(row.content_amount, row.content_unit, row.size_name),
        price_minor=row.size_minor,
        price=money(row.size_minor, currency),
        lowest=money(row.lowest_minor, currency) if row.lowest_minor is not None else "",
        unit_price=unit_price(row.size_minor, row.content_amount, row.content_unit, currency=currency),
        stock_word=word,
        stock_kind=kind,
        most=max(0, min(left, MOST_OF_ONE)),
        amount=row.content_amount,
        unit=row.content_unit,
    )


def _stock(row: Any) -> tuple[int, str, str]:
    """How many there are, in words; where only short-dated ones are left, their date."""
    pairs = [text.split(WITHIN) for text in (row.shelves or "").split(BETWEEN) if text]
    shelves = [(int(units), date.fromisoformat(ends) if ends else None) for units, ends in pairs]
    left = sum(units for units, _ in shelves)
    if left < 1:
        return 0, "Out of stock", "quiet"
    use = days_of_use(
        row.content_amount, row.content_unit, amount_per_use_ml=row.amount_per_use_ml, uses_per_day=row.uses_per_day
    )
    fresh = sum(units for units, ends in shelves if not is_short(ends, use_days=use))
    if not fresh:
        ends = max(ends for _, ends in shelves if ends)
        return left, f"Short-dated: use by {day(ends, weekday=False, year=True)}", "wait"
    return left, *(("In stock", "good") if left > FEW else (f"Only {left} left", "wait"))


def _product() -> Select[Any]:
    """A row for each size, the product's own columns repeated: one question is cheaper than two."""
    names = (
        "id",
        "slug",
        "name",
        "step",
        "texture",
        "blurb",
        "body_md",
        "how_to_use",
        "inci",
        "reading",
        "key_actives",
        "warnings",
    )
    more = ("responsible_person", "pao_months", "amount_per_use_ml", "uses_per_day", "drawing", "gated")
    own = [PRODUCT[name] for name in (*names, *more)]
    brand = (BRAND.name.label("brand_name"), BRAND.slug.label("brand_slug"))
    size = (VARIANT.sku, VARIANT.barcode, VARIANT.name.label("size_name"), VARIANT.price_minor.label("size_minor"))
    size += (VARIANT.content_amount, VARIANT.content_unit, VARIANT.lowest_minor)  # type: ignore[assignment]
    joined = Product.__table__.join(Brand.__table__, BRAND.id == PRODUCT.brand_id).outerjoin(
        Variant.__table__, and_(VARIANT.product_id == PRODUCT.id, VARIANT.is_sold.is_(True))
    )
    wanted = select(
        *own, *brand, *size, _shelves().label("shelves"), _classes().label("classes"), _links().label("links")
    ).select_from(joined)
    live = wanted.where(PRODUCT.slug == bindparam("slug"), PRODUCT.state == WORD("'live'"))
    return live.order_by(VARIANT.position, VARIANT.id)


def _shelves() -> Any:
    """What is on the shelves of a size and may be sold, each with its date."""
    left = STOCK.on_hand - STOCK.allocated - STOCK.held
    shelves = Stock.__table__.join(Lot.__table__, and_(LOT.id == STOCK.lot_id, may_be_sold(bindparam("first"))))
    return (
        select(gathered(left, func.coalesce(cast(LOT.expires_on, Text), WORD("''"))))
        .select_from(shelves)
        .where(STOCK.variant_id == VARIANT.id, left > WORD("0"))
        .scalar_subquery()
    )


def _classes() -> Any:
    facet = ProductFacet.__table__.c
    own = (facet.product_id == PRODUCT.id, facet.kind == WORD("'class'"))
    return select(gathered(facet.value)).where(*own).scalar_subquery()


def _links() -> Any:
    """All links in one text: asking once more would cost more than taking it apart."""
    link = ProductConcern.__table__.c
    line = func.coalesce(link.line, WORD("0"))
    said = gathered(link.role, line, link.concern_id, link.active, link.reason)
    return select(said).where(link.product_id == PRODUCT.id).scalar_subquery()


def _is_whole(text: str) -> bool:
    return text.count(WITHIN) >= 4


def _link(text: str) -> Link:
    role, line, concern_id, active, reason = text.split(WITHIN, 4)
    return Link(role, int(line), int(concern_id), active, reason)


_PRODUCT = Question(_product())
