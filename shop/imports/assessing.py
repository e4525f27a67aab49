"""What a printed list says about an imported product: how much of it was read, its classes, and the concerns it serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select

from shop.care.classes import classes_of
from shop.care.labels import Label
from shop.care.linking import link_concerns
from shop.care.matching_rules import rules_for
from shop.care.parsing import read_label
from shop.care.saying_names import ordinal, say_name
from shop.catalog.models import Product, ProductConcern, ProductFacet
from shop.catalog.selling_days import keep_last_days
from shop.core.db import db
from shop.imports.sorting import AREAS

KEY_ACTIVES = 5
RESTING = {"retinoid", "aha", "bha", "ascorbic-acid", "scrub"}


@dataclass(frozen=True, slots=True)
class Link:
    """A concern that an ingredient speaks for; `line` is its place in the list."""

    concern: str
    phase: str
    role: str
    active: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """`inci` is empty where the text held no list at all; then nothing is claimed."""

    inci: str = ""
    reading: str = "unknown"
    classes: frozenset[str] = frozenset()
    actives: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    label: Label | None = field(default=None, compare=False, repr=False)


def assess(inci: str, *, step: str | None, area: str | None) -> Assessment:
    """Read a list by whole names only. No list, or one too little read, stays "unknown" and is linked to nothing."""
    label = read_label(inci)
    if not any(token.recognised for token in label.tokens):
        return Assessment()
    classes = frozenset(kind for token in label.tokens for name in token.names for kind in classes_of(name))
    if label.status == "unknown":
        return Assessment(inci, label.status, classes, label=label)
    links = tuple(_links(label, classes, step=step, area=area or AREAS.get(step or "", "face")))
    actives = tuple(dict.fromkeys(link.active for link in sorted(links, key=lambda link: link.line)))
    return Assessment(inci, label.status, classes, actives[:KEY_ACTIVES], links, label)


def keep_assessments(read: Sequence[tuple[Product, Assessment]], *, concern_ids: Mapping[str, int]) -> None:
    """Store links and facets. Links that a person made stay; those of the rules are made anew."""
    ids = [product.id for product, _ in read]
    quiet = {"synchronize_session": False}
    of_rules = ProductConcern.product_id.in_(ids), ProductConcern.origin == "rule"
    db.session.execute(delete(ProductConcern).where(*of_rules), execution_options=quiet)
    db.session.execute(delete(ProductFacet).where(ProductFacet.product_id.in_(ids)), execution_options=quiet)
    by_hand = select(ProductConcern.product_id, ProductConcern.concern_id, ProductConcern.phase)
    kept = {tuple(row) for row in db.session.execute(by_hand.where(ProductConcern.product_id.in_(ids)))}
    links = [row for product, one in read for row in _link_rows(product, one, concern_ids)]
    _insert(ProductConcern, [row for row in links if (row["product_id"], row["concern_id"], row["phase"]) not in kept])
    _insert(ProductFacet, [row for product, one in read for row in _facet_rows(product, one)])
    for product, one in read:
        keep_last_days(product, one.label)
    db.session.flush()
    for product, _ in read:
        db.session.expire(product, ["links"])


def _links(label: Label, classes: frozenset[str], *, step: str | None, area: str) -> Iterator[Link]:
    """For each concern the active that stands highest in the list."""
    best: dict[str, tuple[int, str]] = {}
    for concern, active, line in link_concerns(label, area=area):
        best[concern] = min(best.get(concern, (line, active)), (line, active))
    phase = _phase(step, classes)
    for concern, (line, active) in best.items():
        reason = f"{say_name(active)}, {ordinal(line)} in the full ingredient list."
        yield Link(concern, phase, _role(concern, step, active), active, line, reason)


def _role(concern: str, step: str | None, active: str) -> str:
    """Essential at the steps that matter most for the concern, where the ingredient is the one wished for there."""
    slots = (slot for slot in rules_for(concern).essentials if slot.step == step)
    return "essential" if any(not slot.any_of or active in slot.any_of for slot in slots) else "helpful"


def _phase(step: str | None, classes: frozenset[str]) -> str:
    """What rests around a session serves afterwards; what calms serves while skin recovers."""
    if step == "protect" or classes & RESTING:
        return "maintain"
    return "recover" if "soothing" in classes and "fragrance" not in classes else "between"


def _link_rows(product: Product, read: Assessment, concern_ids: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for link in read.links:
        if link.concern in concern_ids:
            facts = {name: getattr(link, name) for name in ("phase", "role", "active", "line", "reason")}
            yield facts | {"product_id": product.id, "concern_id": concern_ids[link.concern], "origin": "rule"}


def _facet_rows(product: Product, read: Assessment) -> Iterator[dict[str, Any]]:
    facets = [("active", name) for name in read.actives] + [("class", kind) for kind in sorted(read.classes)]
    yield from ({"product_id": product.id, "kind": kind, "value": value} for kind, value in facets)


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(model), rows)
