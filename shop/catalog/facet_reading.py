"""How many products each filter would leave: from the counts made beforehand where they have the answer, else by counting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Connection, Select, Text, and_, bindparam, func, literal, or_, select, union_all

from shop.catalog.cards import BRAND, PRODUCT
from shop.catalog.filters import Filters
from shop.catalog.models import Brand, Concern, FacetCount, ProductConcern, ProductFacet
from shop.catalog.narrowing import CONCERN, FACET, LINK, Shape, conditions, shape_of, values_of
from shop.catalog.search_storing import is_sqlite
from shop.core.keeping import kept
from shop.core.reading import Question

KEPT = "facet-counts"
CAP = 1000  # combinations of filters are counted one by one up to here; beyond it no figure is shown
ANY_OF = ("concern", "brand", "step")  # a second choice widens the list, so the kind's own figures leave itself out
COUNTED_ALONE = (*ANY_OF, "active", "in_stock")
COUNT = FacetCount.__table__.c

Figures = dict[str, dict[str, int]]


@dataclass(slots=True)
class Counts:
    """kind → value → how many; `whole` for the whole list, `here` for the filters as they are set.

    `total` is None where nobody counted beyond CAP. `key` is equal for equal counts.
    """

    whole: Figures = field(default_factory=dict)
    here: Figures = field(default_factory=dict)
    brands: dict[str, str] = field(default_factory=dict)
    total: int | None = 0
    key: tuple[Any, ...] = ()

    def of(self, kind: str, value: str) -> int | None:
        return None if self.total is None else self.here.get(kind, {}).get(value, 0)


@dataclass(slots=True)
class Whole:
    """The whole list's figures, and what pages drew from them while they hold."""

    figures: Figures
    brands: dict[str, str]
    drawn: dict[Any, Any] = field(default_factory=dict)


def whole_list() -> Whole:
    return kept(KEPT, _read_whole)


def count(filters: Filters, *, typed: dict[str, Any] | None = None) -> Counts:
    """At most one statement; none for the list without filters. `typed` are the values of a search."""
    whole = whole_list()
    alone = _alone(filters) if typed is None and whole.figures else None
    if alone == ("", ""):
        return Counts(whole.figures, whole.figures, whole.brands, whole.figures["all"].get("", 0))
    if alone is None:
        return _counted_live(filters, typed, whole)
    value = alone[1]
    values = [value, value.upper()] if alone[0] == "active" else [value, value]
    rows = _ALONE.ask(filter_kind=alone[0], value=values[0], capitals=values[1])
    here, _, key = _figures(rows)
    if alone[0] in ANY_OF:
        here[alone[0]] = whole.figures.get(alone[0], {})
    return Counts(whole.figures, here, whole.brands, here.get("all", {}).get("", 0), key)


def _counted_live(filters: Filters, typed: dict[str, Any] | None, whole: Whole) -> Counts:
    shape = shape_of(filters, typed=typed is not None, is_sqlite=is_sqlite())
    here, brands, key = _figures(_live(shape).ask(**values_of(filters), **(typed or {})))
    every = here.get("all", {}).get("", 0)
    return Counts(whole.figures or here, here, brands | whole.brands, every if every <= CAP else None, key)


def _alone(filters: Filters) -> tuple[str, str] | None:
    """The one filter that is set, ("", "") for none, or None when only counting helps."""
    chosen = filters.chosen
    if not chosen:
        return ("", "")
    return chosen[0] if len(chosen) == 1 and chosen[0][0] in COUNTED_ALONE else None


def _read_whole(connection: Connection) -> Whole:
    named = select(COUNT.kind, COUNT.value, COUNT.n, func.coalesce(BRAND.name, "")).select_from(
        FacetCount.__table__.outerjoin(Brand.__table__, and_(COUNT.kind == "brand", BRAND.slug == COUNT.value))
    )
    figures, brands, _ = _figures(connection.execute(named.where(COUNT.filter_kind == "", COUNT.filter_value == "")))
    return Whole(figures, brands)


def _figures(rows: Iterable[Any]) -> tuple[Figures, dict[str, str], tuple[Any, ...]]:
    figures: Figures = {}
    brands: dict[str, str] = {}
    key = tuple(map(tuple, rows))
    for kind, value, n, words in key:
        figures.setdefault(kind, {})[value] = n
        if words:
            brands[value] = words
    return figures, brands, key


_ALONE = Question(
    select(COUNT.kind, COUNT.value, COUNT.n, literal("", Text)).where(
        COUNT.filter_kind == bindparam("filter_kind"),
        or_(COUNT.filter_value == bindparam("value"), COUNT.filter_value == bindparam("capitals")),
    )
)


@lru_cache(maxsize=256)
def _live(shape: Shape) -> Question:
    """Counts among the first CAP + 1 products that fit."""
    everything = _hits(shape, "")
    own = {kind: _hits(shape, kind) if getattr(shape, kind) else everything for kind in ANY_OF}
    return Question(union_all(*_counted(everything, own)))


def _hits(shape: Shape, leave_out: str) -> CTE:
    wanted = (PRODUCT.id, PRODUCT.brand_id, PRODUCT.step, PRODUCT.in_stock, PRODUCT.reading)
    fits = select(*wanted).where(*conditions(shape, leave_out=leave_out))
    # found once and then counted in many ways: SQLite would otherwise look for them again for each
    return fits.limit(CAP + 1).cte(f"hits_{leave_out or 'all'}").prefix_with("MATERIALIZED")


def _counted(hits: CTE, own: dict[str, CTE]) -> Iterator[Select[Any]]:
    n, h = func.count(), hits.c
    yield _row("all", literal("", Text), n).select_from(hits)
    yield _row("assessed", literal("", Text), n).select_from(hits).where(h.reading == "assessed")
    yield _row("in_stock", literal("1", Text), n).select_from(hits).where(h.in_stock.is_(True))
    step = own["step"].c
    yield _row("step", step.step, n).where(step.step.is_not(None)).group_by(step.step)
    brands = own["brand"].join(Brand.__table__, BRAND.id == own["brand"].c.brand_id)
    yield _row("brand", BRAND.slug, n, BRAND.name).select_from(brands).group_by(BRAND.slug, BRAND.name)
    # "+ 0" keeps SQLite from walking all links of the shop and looking each up among the hits
    linked = own["concern"].join(ProductConcern.__table__, LINK.product_id == own["concern"].c.id + 0)
    linked = linked.join(Concern.__table__, CONCERN.id == LINK.concern_id)
    once = func.count(func.distinct(LINK.product_id))
    yield _row("concern", CONCERN.slug, once).select_from(linked).group_by(CONCERN.slug)
    held = hits.join(ProductFacet.__table__, FACET.product_id == h.id + 0)
    facets = select(FACET.kind, FACET.value, n, literal("", Text)).select_from(held)
    yield facets.group_by(FACET.kind, FACET.value)


def _row(kind: str, value: Any, n: Any, words: Any = None) -> Select[Any]:
    return select(literal(kind, Text), value, n, literal("", Text) if words is None else words)
