"""A product as its page shows it: the printed list with what each line is there for, how long it lasts, days of rest."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from shop.care.loading import window_rules
from shop.care.saying_names import say_name
from shop.care.splitting import entries_of
from shop.catalog.menu import menu_concerns
from shop.storefront.product_reading import Link, Size

MOST_WHYS = 3
HEADING = re.compile(r"\s*(?:full\s+)?ingredients?(?:\s*\(?inci\)?)?\s*:\s*", re.IGNORECASE)
UNEVEN = re.compile(r"[(\[{;|●•\n\t&]|\d'?,\s?\d|[NOSP],[NOSP]|\s[-/]\s")  # where a comma may be no end of an entry
said_name = lru_cache(maxsize=2048)(say_name)
READING = {
    "partly": "Not every name on this list could be read. Ask us first if there is something you avoid.",
    "unknown": "Not assessed: photograph the label, and a consultant reads it with you.",
}


class List(NamedTuple):
    """A printed ingredient list: its entries in their order, and the same in capitals for looking names up."""

    entries: tuple[str, ...]
    capitals: tuple[str, ...]


class Why(NamedTuple):
    """One reason: the concern it serves, the ingredient, and its place in the printed list (None when not found)."""

    concern_id: int
    label: str
    hue: int
    active: str
    line: int | None
    place: str


class Active(NamedTuple):
    name: str
    line: int | None
    place: str
    words: str


def whys(links: Iterable[Link], printed: List) -> list[Why]:
    """The best link of each concern."""
    found: dict[int, Why] = {}
    for link in links:
        concern = next((row for row in menu_concerns() if row.id == link.concern_id), None)
        if link.active and link.concern_id not in found and concern:
            line = _place(link, printed)
            why = Why(concern.id, concern.label, css_hue(concern.hue), said_name(link.active), line, nth(line))
            found[link.concern_id] = why
    return list(found.values())[:MOST_WHYS]


@lru_cache(maxsize=1024)
def read_list(inci: str) -> List:
    """The entries of a list as printed, in their order; no entry is judged, so nothing needs to be known."""
    text = HEADING.sub("", inci, count=1).strip().rstrip(".")
    parts = text.split(",") if not UNEVEN.search(text) else [text[a:b] for a, b in entries_of(text, (0, len(text)))]
    entries = tuple(part.strip() for part in parts if part.strip())
    return List(entries, tuple(entry.upper() for entry in entries))


def marked(printed: List, reasons: Iterable[Why]) -> list[tuple[str, int, bool]]:
    """(entry, its place, whether it is what the product is here for)."""
    lines = {why.line for why in reasons}
    return [(name, line, line in lines) for line, name in enumerate(printed.entries, start=1)]


def actives_of(names: Iterable[str], links: Iterable[Link], printed: List) -> list[Active]:
    """The key actives with their places; the sentence is that of the link which names it."""
    said = {link.active.upper(): link.reason for link in links}
    found = []
    for name in names:
        capitals = name.upper()
        line = _find(capitals, printed)
        found.append(Active(said_name(name), line, nth(line), said.get(capitals, "")))
    return found


@lru_cache(maxsize=512)
def nth(line: int | None) -> str:
    """ "2nd"."""
    if not line:
        return ""
    ending = "th" if line % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(line % 10, "th")
    return f"{line}{ending}"


def css_hue(hue: int) -> int:
    """The nearest hue for which the stylesheet has a class."""
    return hue // 15 * 15 % 360


def lasts_words(product: Any, size: Size | None) -> str:
    """ "50 ml lasts about 8 weeks at twice a day"; empty where nobody said how much one takes."""
    try:
        each = Decimal(product.amount_per_use_ml or "0") * (product.uses_per_day or 0)
    except InvalidOperation:
        return ""
    if not each or size is None or not size.amount or size.unit == "piece":
        return ""
    weeks = int(size.amount / each / 7)
    often = {1: "once a day", 2: "twice a day"}.get(product.uses_per_day or 0, f"{product.uses_per_day} times a day")
    return f"{size.size} lasts about {weeks} week{'s' if weeks > 1 else ''}, used {often}." if weeks else ""


@lru_cache(maxsize=512)
def session_words(classes: frozenset[str]) -> str:
    """How long it rests around a session, by the strictest rule that holds for every treatment without an add-on."""
    rules = [
        rule
        for rule in window_rules().windows
        if rule.kind == "pause"
        and not rule.addon
        and "*" in rule.treatments
        and not rule.names
        and rule.max_position is None
        and rule.of_class in classes
    ]
    before = max((rule.before_days for rule in rules), default=0)
    after = max((rule.after_days for rule in rules), default=0)
    if not before and not after:
        return ""
    first = (
        f"Stop {before} day{'s' if before > 1 else ''} before a session"
        if before
        else "It may stay until the day of a session"
    )
    return f"{first}, and start again {after} day{'s' if after != 1 else ''} after it. Your calendar names the dates."


def care_sentence(product: Any, classes: Collection[str]) -> tuple[str, str]:
    """One sentence and its kind: the warning budget of a product is one."""
    if product.reading != "assessed":
        return READING.get(product.reading, READING["unknown"]), "wait"
    if {"fragrance", "fragrance-allergen", "essential-oil"} & set(classes):
        return "Contains fragrance.", ""
    return "", ""


def _place(link: Link, printed: List) -> int | None:
    """The stored place if the active stands there as printed, else where it stands."""
    capitals = link.active.upper()
    if link.line and link.line <= len(printed.capitals) and capitals in printed.capitals[link.line - 1]:
        return link.line
    return _find(capitals, printed)


def _find(capitals: str, printed: List) -> int | None:
    return next((line for line, entry in enumerate(printed.capitals, start=1) if capitals in entry), None)
