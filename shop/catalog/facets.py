"""The filters beside a product list: what can be chosen, in words, with how many products each choice would leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shop.care.saying_names import say_name
from shop.catalog.facet_reading import Counts
from shop.catalog.filters import Filters
from shop.catalog.menu import menu_concerns
from shop.catalog.words import FREE_FROM, STEPS
from shop.core.money import money

MOST_OPTIONS = 12
PRICES_MINOR = (1500, 2500, 4000, 6000)
TITLES = {
    "concern": "Concern",
    "step": "Step",
    "brand": "Brand",
    "active": "Ingredient inside",
    "free_from": "Free from",
    "price_max": "Price",
    "in_stock": "Stock",
}


@dataclass(slots=True)
class Option:
    value: str
    words: str
    count: int | None
    on: bool


@dataclass(slots=True)
class Group:
    """One kind of filter; `kind` is "many" (ticks) or "one" (a single choice)."""

    name: str
    title: str
    kind: str
    open: bool
    options: list[Option]


def groups(filters: Filters, counts: Counts, *, currency: str) -> list[Group]:
    """What the page shows; a chosen value is always there, so that it can be unticked."""
    made = []
    for kind, title in TITLES.items():
        options = list(_OPTIONS[kind](filters, counts, currency))
        if options:
            is_on = any(option.on for option in options)
            made.append(
                Group(kind, title, "one" if kind == "price_max" else "many", is_on or kind in ("concern", "step"), options)
            )
    return made


def said(kind: str, value: str, counts: Counts | None = None, *, currency: str = "GBP") -> str:
    """A filter in words, for its chip: “Free from fragrance”."""
    if kind == "concern":
        return next((row.label for row in menu_concerns() if row.slug == value), value)
    if kind == "brand":
        return (counts.brands if counts else {}).get(value, value)
    if kind == "step":
        return STEPS.get(value, value)
    if kind == "active":
        return say_name(value)
    if kind == "free_from":
        return f"Free from {FREE_FROM.get(value, value).lower()}"
    return f"Up to {price_words(value, currency)}" if kind == "price_max" else "In stock"


def price_words(value: str, currency: str) -> str:
    """As typed, with the currency's sign."""
    return money(0, currency, short=True).replace("0", value)


def _concerns(filters: Filters, counts: Counts, currency: str) -> Iterator[Option]:
    for row in menu_concerns():
        yield Option(row.slug, row.label, counts.of("concern", row.slug), row.slug in filters.concern)


def _steps(filters: Filters, counts: Counts, currency: str) -> Iterator[Option]:
    for step, words in STEPS.items():
        if step in counts.whole.get("step", {}) or step in filters.step:
            yield Option(step, words, counts.of("step", step), step in filters.step)


def _brands(filters: Filters, counts: Counts, currency: str) -> Iterator[Option]:
    for slug in _most(counts, "brand", filters.brand):
        yield Option(slug, counts.brands.get(slug, slug), counts.of("brand", slug), slug in filters.brand)


def _actives(filters: Filters, counts: Counts, currency: str) -> Iterator[Option]:
    on = {value.upper() for value in filters.active}
    for name in _most(counts, "active", filters.active):
        yield Option(name, say_name(name), counts.of("active", name), name.upper() in on)


def _classes(filters: Filters, counts: Counts, currency: str) -> Iterator[Option]:
    assessed = counts.of("assessed", "")
    for name, words in FREE_FROM.items():
        if name in counts.whole.get("class", {}) or name in filters.free_from:
            holding = counts.of("class", name)
            free = None if assessed is None or holding is None else max(0, assessed - holding)
            yield Option(name, words, free, name in filters.free_from)


def _prices(filters: Filters, counts: Counts, currency: str) -> Iterator[Option]:
    figures = {minor: str(minor // 100) for minor in PRICES_MINOR}
    if filters.price_max_minor is not None:
        figures[filters.price_max_minor] = filters.price_max
    for minor, value in sorted(figures.items()):
        yield Option(value, f"Up to {money(minor, currency, short=True)}", None, minor == filters.price_max_minor)


def _stock(filters: Filters, counts: Counts, currency: str) -> Iterator[Option]:
    yield Option("1", "In stock", counts.of("in_stock", "1"), filters.in_stock)


def _most(counts: Counts, kind: str, chosen: tuple[str, ...]) -> list[str]:
    """The values most products have, and those that are chosen."""
    known = counts.whole.get(kind, {})
    most = sorted(known, key=lambda value: (-known[value], value))[:MOST_OPTIONS]
    on = {value.upper() for value in chosen} if kind == "active" else set(chosen)
    more = [value for value in known if value not in most and (value.upper() if kind == "active" else value) in on]
    return sorted([*most, *more], key=lambda value: ((counts.brands.get(value) or value).lower(), value))


_OPTIONS = {
    "concern": _concerns,
    "step": _steps,
    "brand": _brands,
    "active": _actives,
    "free_from": _classes,
    "price_max": _prices,
    "in_stock": _stock,
}
