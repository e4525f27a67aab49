"""Three answers become a treatment and a routine at once, by the same rules that judge every product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from shop.care.matching import FITS, SENTENCES, Hit, Matched, match
from shop.care.saying_names import say_name
from shop.catalog.finding import chosen_cards, packages_of, treatments_of
from shop.catalog.models import Concern, Product, ProductConcern, ProductFacet, Treatment
from shop.catalog.words import STEP_WORDS, STEPS
from shop.core.db import db
from shop.core.errors import NotFound
from shop.storefront.package_words import PackageCard, package_cards
from shop.storefront.product_words import read_list
from shop.storefront.shelves import Row, routine_of

MOST_CANDIDATES, MOST_STEPS, MOST_LEFT_OUT, MOST_PACKAGES = 300, 5, 4, 2


@dataclass(slots=True)
class Candidate:
    """A product as the matching rules look at it."""

    slug: str
    name: str
    step: str | None
    area: str
    skin_types: Sequence[str]
    actives: Sequence[tuple[str, int]]
    reading: str
    classes: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Answer:
    """`routine` has one product for each step that is not there already; `left_out` says what spoke against others."""

    treatments: Sequence[Treatment]
    packages: list[PackageCard]
    routine: list[Row]
    left_out: list[str]


def answer(concern: Concern, *, skin: str | None, avoid: Collection[str], have: Collection[str], currency: str) -> Answer:
    """For a concern, a skin type (None when unsure), classes to leave out and steps that are served."""
    treatments = [one for one in treatments_of(concern.id) if one.sold_as != "unsold"]
    order = [one.id for one in treatments]
    cards = package_cards(sorted(packages_of(order), key=lambda package: order.index(package.treatment_id)))
    usual = [card for card in cards if card.usual] or [card for card in cards if card.sessions > 1]
    candidates = _candidates(concern.id)
    try:
        matched = match(concern.slug, candidates, skin=skin, avoid=[name.replace("-", " ") for name in avoid])
    except NotFound:  # a concern of the clinic's own, for which nobody has written rules
        return Answer(treatments, usual[:MOST_PACKAGES], routine_of([concern.id], currency=currency), [])
    chosen = _chosen(matched, have)
    return Answer(treatments, usual[:MOST_PACKAGES], _rows(chosen, concern, currency), _left_out(matched, candidates))


def _candidates(concern_id: int) -> list[Candidate]:
    """The best known products that are linked to the concern, with the classes their lists hold."""
    linked = select(ProductConcern.product_id).where(ProductConcern.concern_id == concern_id)
    columns = (Product.id, Product.slug, Product.name, Product.step, Product.area, Product.skin_types, Product.key_actives)
    wanted = select(*columns, Product.inci, Product.reading).where(
        Product.id.in_(linked), Product.state == "live", Product.gated.is_(False), Product.in_stock.is_(True)
    )
    rows = db.session.execute(wanted.order_by(Product.popularity.desc(), Product.id).limit(MOST_CANDIDATES)).all()
    classes: dict[int, set[str]] = defaultdict(set)
    held = select(ProductFacet.product_id, ProductFacet.value).where(ProductFacet.kind == "class")
    for product_id, value in db.session.execute(held.where(ProductFacet.product_id.in_([row.id for row in rows]))):
        classes[product_id].add(value)
    return [
        Candidate(row.slug, row.name, row.step, row.area, row.skin_types, list(_actives(row)), row.reading, classes[row.id])
        for row in rows
    ]


def _actives(row: Any) -> Iterator[tuple[str, int]]:
    """Every entry of the printed list with its place: the rules know which of them matter."""
    for line, entry in enumerate(read_list(row.inci).entries, start=1):
        bare = entry.partition("(")[0].strip() or entry
        yield bare.upper(), line


def _chosen(matched: Matched, have: Collection[str]) -> list[Hit]:
    """The essentials, then the best of other steps, in the order of use."""
    chosen = {hit.step: hit for hit in matched.essentials}
    for step, hits in matched.steps:
        if hits and len(chosen) < MOST_STEPS:
            chosen.setdefault(step, hits[0])
    order = list(STEPS)
    return sorted((hit for step, hit in chosen.items() if step not in have), key=lambda hit: order.index(hit.step))


def _rows(chosen: list[Hit], concern: Concern, currency: str) -> list[Row]:
    cards = chosen_cards([hit.slug for hit in chosen], currency=currency)
    reasons = _reasons(concern.id, [card.id for card in cards.values()])
    return [
        Row(
            STEP_WORDS.get(hit.step, hit.step),
            cards[hit.slug],
            _words(hit, reasons.get(cards[hit.slug].id, "")),
            concern,
            say_name(hit.active),
            hit.line,
        )
        for hit in chosen
        if hit.slug in cards
    ]


def _reasons(concern_id: int, product_ids: list[int]) -> dict[int, str]:
    """What the links say, an essential one before a helpful one."""
    linked = select(ProductConcern.product_id, ProductConcern.reason).where(ProductConcern.concern_id == concern_id)
    rows = db.session.execute(linked.where(ProductConcern.product_id.in_(product_ids)).order_by(ProductConcern.role.desc()))
    return {row.product_id: row.reason for row in rows}


def _words(hit: Hit, reason: str) -> str:
    """Why it is here, and what to mind if anything speaks against it."""
    mind = " ".join(note for note in hit.notes if note != SENTENCES[FITS])
    return " ".join(part for part in (reason, mind) if part) or SENTENCES[FITS]


def _left_out(matched: Matched, candidates: list[Candidate]) -> list[str]:
    names = {one.slug: one.name for one in candidates}
    told = [
        f"{names[one.slug]}: {one.reason}" for one in matched.refused if one.kind in ("no", "class") and one.slug in names
    ]
    more = len(told) - MOST_LEFT_OUT
    return [*told[:MOST_LEFT_OUT], *([f"And {more} more."] if more > 0 else [])]
