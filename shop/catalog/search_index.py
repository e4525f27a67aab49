"""The index that search reads: each live product's words by where they stand, and every word with how many products hold it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select, text

from shop.catalog import search_storing as storing
from shop.catalog.models import Brand, Concern, Product, ProductConcern, Synonym, Treatment, Variant
from shop.catalog.search_words import words_of
from shop.catalog.words import STEP_WORDS, STEPS
from shop.core.db import db

BATCH = 2000


@dataclass(slots=True)
class Document:
    """A product's words, the weightiest place first."""

    product_id: int
    popularity: int
    name: list[str]
    sku: list[str]
    concern: list[str]
    body: list[str]

    @property
    def words(self) -> set[str]:
        return {*self.name, *self.sku, *self.concern, *self.body}


def rebuild() -> int:
    """Write the whole index anew in the caller's transaction; says how many products are in it."""
    storing.empty()
    terms: Counter[str] = Counter()
    # in the order in which PostgreSQL walks them, so that the first hundreds of a broad word lie side by side
    live = select(Product.id).where(Product.state == "live").order_by(Product.popularity.desc(), Product.id)
    ids = iter(db.session.scalars(live).all())
    done = 0
    while batch := list(islice(ids, BATCH)):
        documents = list(_documents(batch))
        storing.add(documents)
        for document in documents:
            terms.update(document.words)
        done += len(documents)
    terms.update(_words_of_pages())
    storing.add_terms(terms)
    storing.tidy()
    return done


def update(product_ids: Collection[int]) -> None:
    """After products were made, changed or taken off, in the writer's transaction."""
    ids = sorted(set(product_ids))
    db.session.flush()
    for first in range(0, len(ids), BATCH):
        batch = ids[first : first + BATCH]
        terms: Counter[str] = Counter()
        for words in storing.remove(batch):
            terms.subtract(words)
        documents = list(_documents(batch))
        storing.add(documents)
        for document in documents:
            terms.update(document.words)
        storing.change_terms({term: n for term, n in terms.items() if n})


def _documents(ids: Sequence[int]) -> Iterator[Document]:
    columns = (
        Product.id,
        Product.name,
        Product.popularity,
        Product.step,
        Product.blurb,
        Product.body_md,
        Product.how_to_use,
    )
    wanted = select(*columns, Product.inci, Product.key_actives, Brand.name.label("brand_name"))
    rows = db.session.execute(
        wanted.join(Brand, Brand.id == Product.brand_id)
        .where(Product.id.in_(ids), Product.state == "live")
        .order_by(Product.popularity.desc(), Product.id)
    ).all()
    codes, concerns = _codes(ids), _concerns(ids)
    for row in rows:
        steps = f"{STEPS.get(row.step, '')} {STEP_WORDS.get(row.step, '')}"
        said = " ".join((row.blurb, " ".join(row.key_actives or ()), row.inci, row.body_md, row.how_to_use))
        yield Document(
            product_id=row.id,
            popularity=row.popularity,
            name=words_of(f"{row.name} {row.brand_name}"),
            sku=words_of(" ".join(codes[row.id])),
            concern=words_of(f"{' '.join(concerns[row.id])} {steps}"),
            body=words_of(said),
        )


def _codes(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for product_id, sku, barcode in db.session.execute(
        select(Variant.product_id, Variant.sku, Variant.barcode).where(Variant.product_id.in_(ids))
    ):
        found[product_id] += [sku, barcode or ""]
    return found


def _concerns(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    named = select(ProductConcern.product_id, Concern.name, Concern.label).join(Concern).distinct()
    for product_id, name, label in db.session.execute(named.where(ProductConcern.product_id.in_(ids))):
        found[product_id] += [name, label]
    return found


def _words_of_pages() -> Iterator[str]:
    """What people may ask for that no product says: concerns, treatments and the words of the synonym table."""
    spoken: list[Any] = [select(Concern.name), select(Concern.label), select(Treatment.name), select(Synonym.word)]
    for statement in spoken:
        for said in db.session.scalars(statement):
            yield from words_of(said)


def is_empty() -> bool:
    return db.session.execute(text("select 1 from search_term limit 1")).first() is None
