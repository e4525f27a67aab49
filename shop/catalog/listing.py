"""Which products stand on a page of the list, in which order: one statement for all of a page's cards."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from shop.catalog.cards import CARD_ROW, PRODUCT, Card, read_cards, with_cards
from shop.catalog.filters import Filters
from shop.catalog.models import Product
from shop.catalog.narrowing import Shape, conditions, shape_of, values_of
from shop.catalog.paging import ORDERS, beyond, order, read_cursor, write_cursor
from shop.catalog.search import best_first, hits, live_hit
from shop.catalog.search_storing import is_sqlite
from shop.core.reading import Question

PAGE = 24
LAST_PLACE = 10_000


class Page(NamedTuple):
    """Up to PAGE cards; `after` is the cursor of the next page, empty on the last one."""

    cards: list[Card]
    after: str = ""


def list_products(filters: Filters, *, currency: str, after: str = "", typed: dict[str, Any] | None = None) -> Page:
    """One page of live products; a cursor nobody wrote is the first page. `typed` are the values of a search."""
    sort = filters.sort
    shape = shape_of(filters, typed=typed is not None, is_sqlite=is_sqlite())
    given = values_of(filters) | (typed or {})
    cursor = read_cursor(after, sort=sort)
    if typed is not None and sort == "relevance":
        return _best_hits(shape, given, cursor[0] if cursor else 0, currency)
    if cursor:
        given |= {"after_value": cursor[0], "after_id": cursor[1]}
    rows = _question(shape, sort, cursor is not None).ask(**given)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(read_cards(rows[:PAGE], currency=currency), write_cursor(sort, last.sorted_by, last.id) if last else "")


@lru_cache(maxsize=512)
def _question(shape: Shape, sort: str, goes_on: bool) -> Question:
    wanted = select(*CARD_ROW).where(*conditions(shape), *([beyond(sort)] if goes_on else []))
    page = wanted.order_by(*order(sort)).limit(PAGE + 1).subquery("page")
    cards = with_cards(page, page.c[ORDERS[sort][0].key].label("sorted_by"))
    return Question(cards.order_by(*order(sort, page.c)))


def _best_hits(shape: Shape, given: dict[str, Any], at: Any, currency: str) -> Page:
    """In the order of the search, which is bounded and therefore counted through: the cursor is a place in it."""
    place = at if isinstance(at, int) and 0 < at <= LAST_PLACE else 0
    rows = _hits_question(shape).ask(**given, place=place)
    following = write_cursor("relevance", place + PAGE, 0) if len(rows) > PAGE else ""
    return Page(read_cards(rows[:PAGE], currency=currency), following)


@lru_cache(maxsize=128)
def _hits_question(shape: Shape) -> Question:
    found = hits(shape.is_sqlite)
    joined = Product.__table__.join(found, PRODUCT.id == found.c.id + 0)
    wanted = (
        select(*CARD_ROW, found.c.arm, found.c.score)
        .select_from(joined)
        .where(live_hit(), *conditions(shape._replace(typed=False))[1:])
    )
    page = wanted.order_by(*best_first(found.c, PRODUCT)).limit(PAGE + 1).offset(bindparam("place")).subquery("page")
    return Question(with_cards(page).order_by(*best_first(page.c, page.c)))
