"""What a product's page shows of its reviews: how many there are, their average, and the words that were approved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select

from shop.core.reading import Question
from shop.core.settings import setting
from shop.reviews.models import COUNTED, Review

PER_PAGE, LARGEST_ID = 6, 2**53
# Consumer law (the UK's Digital Markets, Competition and Consumers Act 2024, Schedule 20; the EU's Directive 2005/29/EC,
# Article 7(6)): whoever shows reviews says whether and how it makes sure that they come from buyers.
HOW_VERIFIED = (
    "Only who bought the product here and received it can write. We look that up before we publish, show praise and "
    "criticism alike, and give nothing in return."
)


@dataclass(frozen=True)
class Shown:
    """`average` is said with one figure after the point; `next_after` is where the list goes on, or None."""

    count: int
    average: str
    rows: list[Any]
    next_after: int | None
    is_first: bool
    verified: str = HOW_VERIFIED


def reviews_of(product_id: int, *, gated: bool, after: str = "") -> Shown | None:
    """`after` is the address’s own word; nonsense begins at the beginning. One statement; none at all, and None, where the clinic has no reviews or the product is sold on advice alone."""
    if gated or not setting("reviews.on"):
        return None
    before = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0
    rows = list(_REVIEWS.ask(product=product_id, before=before or LARGEST_ID, most=PER_PAGE + 1))
    shown = [row for row in rows[:PER_PAGE] if row.id is not None]
    count = rows[0].count if rows else 0
    more = shown[-1].id if len(rows) > PER_PAGE else None
    return Shown(count, _average(rows[0].sum, count) if count else "", shown, more, not before)


def rating_data(shown: Shown | None) -> dict[str, Any]:
    """For the product's structured data: only approved ones count, and where there is none nothing is said."""
    if shown is None or not shown.count:
        return {}
    rating = {"@type": "AggregateRating", "ratingValue": shown.average, "reviewCount": shown.count, "bestRating": 5}
    return {"aggregateRating": rating}


def _average(total: int, count: int) -> str:
    """Half up to one figure: 4.25 is 4.3."""
    tenths = (total * 20 + count) // (2 * count)
    return f"{tenths // 10}.{tenths % 10}"


def _reviews() -> Select[Any]:
    """Count and sum stand in each row, and in one row without words where no words are shown."""
    counted: list[Any] = [literal_column(f"'{state}'") for state in COUNTED]
    of = (Review.product_id == bindparam("product"), Review.state.in_(counted))
    sums = select(func.count().label("count"), func.sum(Review.stars).label("sum")).where(*of).subquery()
    words = (Review.id, Review.stars, Review.text, Review.shown_name, Review.answer, Review.made_at)
    with_words = (
        select(*words)
        .where(Review.product_id == bindparam("product"), Review.state == literal_column("'shown'"))
        .where(Review.id < bindparam("before"))
        .order_by(Review.id.desc())
        .limit(bindparam("most"))
        .subquery()
    )
    return (
        select(sums.c.count, sums.c.sum, *with_words.c)
        .select_from(sums.outerjoin(with_words, literal_column("1") == literal_column("1")))
        .order_by(with_words.c.id.desc())
    )


_REVIEWS = Question(_reviews())
