"""Products for what somebody typed: an article number first, then names, then all that is said of a product."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, Subquery, bindparam, column, func, select, text

from shop.catalog.cards import CARD_ROW, PRODUCT, Card, read_cards, with_cards
from shop.catalog.correcting import correct
from shop.catalog.models import Product
from shop.catalog.search_query import for_postgres, for_sqlite, read_words, understand
from shop.catalog.search_storing import LOW, is_sqlite
from shop.core.db import WholeNumber
from shop.core.reading import Question

PAGE, MOST_HITS, FEW_HITS = 24, 400, 3
LONGEST_CODE = 64

# fmt: off
# Where few sizes have a barcode SQLite thinks its index useless, and would read all sizes.
# A word that stands in enough names needs no look at the texts: they could only add hits behind the last one shown.
_SQLITE = """
WITH named AS MATERIALIZED (
  SELECT rowid & :low AS id, bm25(search_product, 10.0, 8.0, 4.0, 1.0) AS score
  FROM search_product WHERE search_product MATCH :names LIMIT :most),
told AS MATERIALIZED (
  SELECT rowid & :low AS id, bm25(search_product, 10.0, 8.0, 4.0, 1.0) AS score
  FROM search_product WHERE search_product MATCH :every
  LIMIT CASE WHEN (SELECT count(*) FROM named) < :most THEN :most ELSE 0 END)
SELECT id, min(arm) AS arm, min(score) AS score FROM (
  SELECT product_id AS id, 0 AS arm, 0.0 AS score FROM variant WHERE sku IN (:code, :upper)
  UNION ALL SELECT product_id, 0, 0.0 FROM variant INDEXED BY ix_variant_barcode WHERE barcode = :code
  UNION ALL SELECT id, 1, score FROM named
  UNION ALL SELECT id, 2, score FROM told
) GROUP BY id"""
_POSTGRES = """
WITH named AS MATERIALIZED (
  SELECT product_id AS id, words FROM search_product WHERE names @@ CAST(:names AS tsquery)
  ORDER BY popularity DESC, product_id LIMIT :most),
told AS MATERIALIZED (
  SELECT product_id AS id, words FROM search_product WHERE words @@ CAST(:every AS tsquery)
  ORDER BY popularity DESC, product_id
  LIMIT CASE WHEN (SELECT count(*) FROM named) < :most THEN CAST(:most AS bigint) ELSE 0 END)
SELECT id, min(arm) AS arm, min(score) AS score FROM (
  SELECT product_id AS id, 0 AS arm, CAST(0 AS real) AS score FROM variant WHERE sku IN (:code, :upper) OR barcode = :code
  UNION ALL SELECT id, 1, -ts_rank('{0.1, 0.4, 0.8, 1.0}', words, CAST(:names AS tsquery)) FROM named
  UNION ALL SELECT id, 2, -ts_rank('{0.1, 0.4, 0.8, 1.0}', words, CAST(:every AS tsquery)) FROM told
) AS found GROUP BY id"""
# fmt: on


@dataclass(slots=True)
class Found:
    """One page of hits; `corrected` holds the words that were looked for instead, `total` counts up to MOST_HITS."""

    cards: list[Card]
    total: int = 0
    corrected: str = ""
    next_offset: int = 0


def find(q: str, *, currency: str, offset: int = 0) -> Found:
    """The best known first among equals. Anything may be typed; what has no word in it finds nothing."""
    words = read_words(q)
    if not words:
        return Found([])
    found = _page(values_for(q, words), currency, offset)
    if found.total < FEW_HITS and (better := correct(words)):
        corrected = _page(values_for("", better), currency, offset)
        if corrected.total > found.total:
            corrected.corrected = " ".join(better)
            return corrected
    return found


def typed_values(q: str) -> dict[str, Any] | None:
    """The same search for the product list and its filters: what fills `hits`; None when nothing was typed."""
    words = read_words(q)
    if not words:
        return None
    values = values_for(q, words)
    if len(_few(is_sqlite()).ask(**values)) < FEW_HITS and (better := correct(words)):
        return values_for("", better)
    return values


def values_for(q: str, words: list[str]) -> dict[str, Any]:
    """What fills `hits`."""
    asked, code = understand(words), q.strip()[:LONGEST_CODE]
    given = {"code": code, "upper": code.upper()}
    if not is_sqlite():
        every = for_postgres(asked)
        return given | {"names": every, "every": every}
    every = for_sqlite(asked)
    return given | {"names": f"{{name sku}} : ({every})", "every": every}


@lru_cache(maxsize=2)
def hits(is_sqlite: bool) -> Subquery:
    """id, arm (0 number, 1 name, 2 text) and score, the smaller the better; bounded, however broad a word is."""
    statement = text(_SQLITE).bindparams(low=LOW) if is_sqlite else text(_POSTGRES)
    shape = (column("id", WholeNumber), column("arm", Integer), column("score", Float))
    return statement.bindparams(most=MOST_HITS).columns(*shape).subquery("hits")


def best_first(found: Any, product: Any) -> tuple[Any, ...]:
    """ORDER BY of hits: by number, by name, by text, then by rank, then the best known."""
    return (found.arm, found.score, product.popularity.desc(), product.id)


def live_hit() -> ColumnElement[bool]:
    """Whether a hit is on offer; no index can answer it, so that the few hits are read and not all that is live."""
    return PRODUCT.state.concat("") == "live"


def _page(given: dict[str, Any], currency: str, offset: int) -> Found:
    rows = _question(is_sqlite()).ask(**given, place=offset)
    total = rows[0].total if rows else 0
    following = offset + PAGE if total > offset + PAGE else 0
    return Found(read_cards(rows, currency=currency), total, next_offset=following)


@lru_cache(maxsize=2)
def _question(is_sqlite: bool) -> Question:
    found, product = hits(is_sqlite), Product.__table__  # "+ 0": hits first, then their products, never all products
    ranked = select(*CARD_ROW, found.c.arm, found.c.score, func.count().over().label("total"))
    live = ranked.select_from(product.join(found, PRODUCT.id == found.c.id + 0)).where(live_hit())
    page = live.order_by(*best_first(found.c, PRODUCT)).limit(PAGE).offset(bindparam("place")).subquery("page")
    return Question(with_cards(page, page.c.total).order_by(*best_first(page.c, page.c)))


@lru_cache(maxsize=2)
def _few(is_sqlite: bool) -> Question:
    return Question(select(hits(is_sqlite).c.id).limit(FEW_HITS))
