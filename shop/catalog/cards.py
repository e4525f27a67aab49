"""What a list shows of a product: one flat row, with every word ready before the template sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, Subquery, select

from shop.catalog.models import Brand, Product, Variant
from shop.core.money import money

PRODUCT, BRAND, VARIANT = Product.__table__.c, Brand.__table__.c, Variant.__table__.c
# what a subquery must hold to be made into cards: a whole product row would drag its texts along
CARD_ROW = (
    *(PRODUCT.id, PRODUCT.slug, PRODUCT.name, PRODUCT.price_minor, PRODUCT.drawing, PRODUCT.in_stock, PRODUCT.gated),
    *(PRODUCT.step, PRODUCT.brand_id, PRODUCT.popularity, PRODUCT.made_at),
)
IN_STOCK, OUT_OF_STOCK = ("In stock", "good"), ("Out of stock", "quiet")
ASK_FIRST = ("Ask your consultant", "open")


class Card(NamedTuple):
    """A product in a list. `sku` is empty where it cannot be put into the bag at once."""

    id: int
    slug: str
    name: str
    brand_name: str
    brand_slug: str
    price_minor: int
    size: str
    unit_price: str
    drawing: Mapping[str, Any]
    stock_word: str
    stock_kind: str
    sku: str
    gated: bool
    step: str | None
    image: str = ""
    tag: str = ""
    why: str = ""
    care: str = ""
    care_kind: str = ""

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for cards that look the same."""
        return (*self[:8], *self.drawing.values(), *self[9:])


def with_cards(products: Subquery, *more: Any) -> Select[Any]:
    """Card columns (and `more`) of the products of a subquery that holds CARD_ROW.

    Build it once for each shape of question and keep it: building costs more than asking.
    """
    p = products.c
    own = (p.id, p.slug, p.name, p.price_minor, p.drawing, p.in_stock, p.gated, p.step)
    brand = (BRAND.name.label("brand_name"), BRAND.slug.label("brand_slug"))
    size = (VARIANT.sku, VARIANT.name.label("size_name"), VARIANT.content_amount, VARIANT.content_unit)
    joined = products.join(Brand.__table__, BRAND.id == p.brand_id).outerjoin(
        Variant.__table__, VARIANT.id == _cheapest_variant(p.id)
    )
    return select(*own, *brand, *size, *more).select_from(joined)


def read_cards(rows: Iterable[Row[Any]], *, currency: str) -> list[Card]:
    return [read_card(row, currency=currency) for row in rows]


def read_card(row: Any, *, currency: str) -> Card:
    id, slug, name, price_minor, drawing, in_stock, gated, step, brand_name, brand_slug, sku, size_name, amount, unit = row[
        :14
    ]
    word, kind = ASK_FIRST if gated else IN_STOCK if in_stock else OUT_OF_STOCK
    return Card(
        id,
        slug,
        name,
        brand_name,
        brand_slug,
        price_minor,
        said_size(amount, unit, size_name),
        unit_price(price_minor, amount, unit, currency=currency),
        drawing,
        word,
        kind,
        sku or "" if in_stock and not gated else "",
        gated,
        step,
        picture_address(drawing),
    )


def picture_address(drawing: Mapping[str, Any]) -> str:
    """The small photograph of a product that has one, else "" and its drawing is shown."""
    stem = drawing.get("picture")
    return f"/media/{stem}-400.webp" if stem else ""


def said_size(amount: int | None, unit: str | None, name: str | None) -> str:
    return f"{amount} {unit}" if amount and unit != "piece" else name or ""


def unit_price(price_minor: int, amount: int | None, unit: str | None, *, currency: str) -> str:
    """ "£12.50 per 100 ml", half up; pieces have none."""
    if not amount or unit == "piece":
        return ""
    return f"{money((price_minor * 200 + amount) // (2 * amount), currency)} per 100 {unit}"


def _cheapest_variant(product_id: Any) -> Any:
    """The size whose price a list shows: the cheapest that is sold, one in stock before one that is not."""
    v = Variant.__table__.alias("cheapest").c
    own = select(v.id).where(v.product_id == product_id, v.is_sold)
    return own.order_by(v.price_minor, v.in_stock.desc(), v.position, v.id).limit(1).scalar_subquery()
