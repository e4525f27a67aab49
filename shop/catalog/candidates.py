"""Products as the matching engine wants them: what they are for, what is in them, and how much of the list was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import select

from shop.care.parsing import read_label
from shop.catalog.models import Concern, Product, ProductConcern, ProductFacet
from shop.core.db import db


@dataclass(frozen=True)
class CandidateProduct:
    """One live product; `actives` are (ingredient, its line) of the concern asked for, `ingredients` all names read."""

    id: int
    slug: str
    name: str
    step: str | None
    area: str
    skin_types: list[str]
    reading: str
    inci: str
    actives: list[tuple[str, int]] = field(default_factory=list)
    classes: set[str] = field(default_factory=set)

    @property
    def ingredients(self) -> tuple[str, ...]:
        return names_in(self.inci)


def candidates(concern: str) -> list[CandidateProduct]:
    """Every live product linked to a concern, in two statements; an unknown concern has none."""
    rows = (
        select(Product, ProductConcern.active, ProductConcern.line)
        .join(ProductConcern, ProductConcern.product_id == Product.id)
        .join(Concern, Concern.id == ProductConcern.concern_id)
        .where(Concern.slug == concern, Product.state == "live", Product.gated.is_(False))
        .order_by(Product.popularity.desc(), Product.id, ProductConcern.line)
    )
    found: dict[int, CandidateProduct] = {}
    for product, active, line in db.session.execute(rows):
        known = found.setdefault(product.id, _candidate(product))
        if active and (active, line) not in known.actives:
            known.actives.append((active, line or 0))
    _add_classes(found)
    return list(found.values())


@lru_cache(maxsize=4096)
def names_in(inci: str) -> tuple[str, ...]:
    """All names that could be read of a printed list."""
    return tuple(token.name for token in read_label(inci).tokens if token.recognised and token.name)


def _candidate(product: Product) -> CandidateProduct:
    return CandidateProduct(
        id=product.id,
        slug=product.slug,
        name=product.name,
        step=product.step,
        area=product.area,
        skin_types=list(product.skin_types),
        reading=product.reading,
        inci=product.inci,
    )


def _add_classes(found: dict[int, CandidateProduct]) -> None:
    for product_id, values in classes_of(found).items():
        found[product_id].classes.update(values)


def classes_of(product_ids: Iterable[int]) -> dict[int, set[str]]:
    """The ingredient classes of several products, in one statement."""
    classes: dict[int, set[str]] = defaultdict(set)
    ids = list(product_ids)
    if ids:
        rows = select(ProductFacet.product_id, ProductFacet.value)
        for product_id, value in db.session.execute(
            rows.where(ProductFacet.kind == "class", ProductFacet.product_id.in_(ids))
        ):
            classes[product_id].add(value)
    return classes
