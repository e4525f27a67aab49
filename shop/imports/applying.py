"""Rows become products: what is new is made, what differs is changed, what is the same is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shop.catalog.checking_copy import claims_in
from shop.catalog.models import Product
from shop.catalog.publishing import COPY
from shop.imports.assessing import assess
from shop.imports.comparing import in_words, product_changes, variant_changes
from shop.imports.finding import Shelf, shelf_for
from shop.imports.planning import Plan
from shop.imports.restocking import Shelved, look, says_stock, shelved
from shop.imports.rows import Item, Noted, ProductRow, Rejected
from shop.imports.writing import write

HELD = "It comes in as a draft, which nobody can buy; give it another name, then put it live."
NOT_RENAMED = "The name was not taken over."
WORDS = {"name": "name", "blurb": "blurb", "body_md": "description", "how_to_use": "how to use"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became, or with a dry run would become, of one product."""

    kind: str
    row: int
    handle: str
    name: str
    changes: tuple[str, ...] = ()
    reading: str = "unknown"


def apply_rows(
    rows: Sequence[ProductRow], *, currency: str, stock: int | None, by: str, dry_run: bool
) -> list[Outcome | Item]:
    """One batch. Stock is counted in for new sizes, and changed for others where the shelf is as the file saw it.

    Never commits; with `dry_run` nothing is written at all.
    """
    shelf = shelf_for(rows)
    standing = _standing(rows, shelf)
    told: list[Outcome | Item] = []
    plans: list[Plan] = []
    for row in rows:
        product = shelf.find(row)
        if taken := shelf.taken(row, product):
            told += [
                Rejected(number, "sku", f"The SKU {sku} belongs to {owner.name} already.", row.handle)
                for number, sku, owner in taken
            ]
            continue
        restocks, stale = look(row, {v.sku: v.id for v in product.variants} if product else {}, standing)
        if stale:
            told += stale
            continue
        plan, remarks = _plan(row, product)
        plan.restocks = restocks
        told += remarks
        told.append(_outcome(plan, currency))
        plans.append(plan)
    if not dry_run:
        write(plans, shelf, stock=stock, by=by)
    return told


def _standing(rows: Sequence[ProductRow], shelf: Shelf) -> dict[int, Shelved]:
    """What stands of the sizes whose figures were changed in the file; no statement for a file that changes none."""
    wanted = {size.sku for row in rows for size in row.variants if says_stock(size)}
    found = [shelf.find(row) for row in rows] if wanted else []
    return shelved(v.id for product in found if product is not None for v in product.variants if v.sku in wanted)


def _plan(row: ProductRow, product: Product | None) -> tuple[Plan, list[Noted]]:
    plan = Plan(row, product, added=list(row.variants))
    if product is None:
        plan.assessment = assess(row.inci or "", step=row.step, area=row.area)
        return plan, _held_back(plan) + _remarks(plan)
    plan.changes = product_changes(product, row)
    held = _held_back(plan)
    known = {variant.sku: variant for variant in product.variants}
    plan.variants = [(v, known[v.sku], variant_changes(known[v.sku], v)) for v in row.variants if v.sku in known]
    plan.added = [v for v in row.variants if v.sku not in known]
    named = {v.sku for v in row.variants}
    plan.gone = [variant for variant in product.variants if variant.sku not in named and variant.is_sold]
    if {"inci", "step", "area"} & plan.changes.keys():
        now = {name: plan.changes.get(name, getattr(product, name)) for name in ("inci", "step", "area")}
        plan.assessment = assess(now["inci"], step=now["step"], area=now["area"])
        if not plan.assessment.inci and not product.inci:
            plan.changes.pop("inci", None)
    return plan, held + _remarks(plan)


def _held_back(plan: Plan) -> list[Noted]:
    """Copy that promises too much does not come in with a file either; what was there before stays."""
    said = plan.changes if plan.product is not None else {name: getattr(plan.row, name) for name in COPY}
    found = claims_in({name: str(said[name] or "") for name in COPY if name in said and name != "name"})
    for name in dict.fromkeys(name for name, _ in found):
        if plan.product is not None:
            plan.changes.pop(name)
        else:
            blank: dict[str, Any] = {name: ""}
            plan.row = replace(plan.row, **blank)
    told = [(name, f"{sentence} This text was not taken over.") for name, sentence in found]
    return [Noted(plan.row.row, WORDS[name], sentence, plan.row.handle) for name, sentence in _named(plan) + told]


def _named(plan: Plan) -> list[tuple[str, str]]:
    """A name cannot be left blank: a product whose name promises too much waits as a draft, and no file puts it live."""
    found = claims_in({"name": plan.row.name})
    if not found:
        return []
    product, outcome = plan.product, HELD
    if product is None:
        plan.row = replace(plan.row, state="draft")
        return [(name, f"{sentence} {outcome}") for name, sentence in found]
    if plan.changes.pop("name", None) is not None:
        outcome = NOT_RENAMED
    if plan.changes.get("state") == "live" and claims_in({"name": product.name}):
        plan.changes.pop("state")
    if product.state == "live" and outcome == HELD:
        return []  # somebody put it live before this rule came; going live again will ask
    return [(name, f"{sentence} {outcome}") for name, sentence in found]


def _remarks(plan: Plan) -> list[Noted]:
    said = plan.row.inci
    if not said or plan.assessment is None or plan.assessment.inci:
        return []
    shown = said if len(said) <= 40 else said[:39] + "…"
    return [
        Noted(plan.row.row, "ingredients", f"“{shown}” is no list of ingredients; it is not assessed.", plan.row.handle)
    ]


def _outcome(plan: Plan, currency: str) -> Outcome:
    row, product = plan.row, plan.product
    reading = plan.assessment.reading if plan.assessment else product.reading if product else "unknown"
    words: list[str] = []
    if product is not None:
        words += in_words(product, plan.changes, currency=currency)
        for _, variant, changes in plan.variants:
            words += in_words(variant, changes, currency=currency, what=f"{variant.sku} ")
        words += [one.words for one in plan.restocks]
        words += [f"{v.sku} is new" for v in plan.added] + [f"{v.sku} is no longer in the file" for v in plan.gone]
    handle = product.slug if product else row.handle
    return Outcome(plan.kind, row.row, handle, f"{row.brand} {row.name}", tuple(words), reading)
