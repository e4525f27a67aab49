"""Whenever a plan is opened it is looked at again: price, stock, what the client avoids, and the days around a session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.care.saying_names import say_name
from shop.catalog.models import Package
from shop.core.db import db
from shop.core.money import money
from shop.intake.labels import label_of
from shop.intake.models import ClientFacts
from shop.plans.composing import Judged
from shop.plans.lines import PRODUCT, Content, Line
from shop.plans.person import Person
from shop.plans.shelf import Item, items_of

WORSE = ("use", "fits", "pause", "not assessed", "ask", "no")


@dataclass(frozen=True)
class Today:
    """One line as it stands today. `item` is what would be added: the size of the plan, or what may come in its place.

    `changes` are sentences about what is different since it was written; those in `private` speak of the person.
    """

    place: int
    line: Line
    item: Item | None
    judged: Judged | None
    price_minor: int
    can_add: bool
    is_substitute: bool = False
    changes: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    neutral_name: str = ""

    @property
    def total_minor(self) -> int:
        return self.price_minor * self.line.quantity if self.can_add else 0


@dataclass(frozen=True)
class Opened:
    """A version, looked at again."""

    content: Content
    lines: tuple[Today, ...]

    @property
    def changes(self) -> list[str]:
        return [words for line in self.lines for words in (*line.changes, *line.private)]

    @property
    def neutral_changes(self) -> list[str]:
        """Those that say nothing about the person."""
        return [words for line in self.lines for words in line.changes]

    def sum_of(self, role: str = "") -> int:
        return sum(one.total_minor for one in self.lines if one.line.is_bought and role in ("", one.line.role))

    def to_add(self, which: str, chosen: set[int]) -> list[Today]:
        """`essentials`, `all`, or the `chosen` places; what cannot be bought today is never among them."""
        wanted = {"essentials": lambda one: one.line.role == "essential", "all": lambda _one: True}
        picks = wanted.get(which, lambda one: one.place in chosen)
        return [one for one in self.lines if one.line.is_bought and one.can_add and picks(one)]


def look_again(content: Content, person: Person, *, written_at: datetime, currency: str) -> Opened:
    """Four statements more than knowing the person, whatever the plan holds."""
    skus = [sku for line in content.lines for sku in (line.sku, line.substitute) if line.kind == PRODUCT]
    items = items_of(skus)
    known = person.judge(items.values(), concern=content.concern)
    packages = _packages(content)
    told_later = _told_something_since(person.client_id, written_at)
    lines = tuple(
        _product(place, line, items, known, told_later, currency)
        if line.kind == PRODUCT
        else _package(place, line, packages, currency)
        if line.is_bought
        else Today(place, line, None, None, 0, False)
        for place, line in enumerate(content.lines)
    )
    return Opened(content, lines)


def _product(
    place: int, line: Line, items: Mapping[str, Item], known: Mapping[str, Judged], told_later: bool, currency: str
) -> Today:
    if not line.sku:
        return Today(place, line, None, None, 0, False)
    own, other = items.get(line.sku), items.get(line.substitute)
    said = known.get(line.sku)
    is_forbidden = said is not None and said.forbids and (not line.override or told_later)
    lacks = own is None or not own.is_sold or own.left < line.quantity
    private = tuple(_private(line, said, is_forbidden=is_forbidden))
    if is_forbidden:
        price = own.price_minor if own else 0
        return Today(place, line, own, said, price, False, changes=tuple(_list(line, own)), private=private)
    if not lacks and own is not None:
        rise = (
            [_rise(line.name, line.price_minor, own.price_minor, currency)] if own.price_minor != line.price_minor else []
        )
        return Today(place, line, own, said, own.price_minor, True, changes=(*rise, *_list(line, own)), private=private)
    word = "is not sold any more" if own is None or not own.is_sold else "is out of stock"
    may = other is not None and other.is_sold and other.left >= line.quantity and not known[other.sku].forbids
    if other is not None and may:
        told = f"{line.name} {word}; {other.title} takes its place for {money(other.price_minor, currency)}."
        return Today(place, line, other, known[other.sku], other.price_minor, True, True, (told,), private)
    return Today(place, line, own, said, line.price_minor, False, changes=(f"{line.name} {word}.",), private=private)


def _package(place: int, line: Line, packages: Mapping[str, Package], currency: str) -> Today:
    if not line.package:  # still being written
        return Today(place, line, None, None, line.price_minor, line.own is not None)
    package = packages.get(line.package)
    if package is None or package.state not in ("live", "private"):
        return Today(place, line, None, None, line.price_minor, False, changes=("The series is not offered any more.",))
    rise = ()
    if package.price_minor != line.price_minor:
        rise = (_rise("The series", line.price_minor, package.price_minor, currency),)  # type: ignore[assignment]
    return Today(place, line, None, None, package.price_minor, True, changes=rise, neutral_name=package.statement_name)


def _private(line: Line, said: Judged | None, *, is_forbidden: bool) -> Iterator[str]:
    """What the rules say now and did not say when the plan was written."""
    if said is None:
        return
    if is_forbidden:
        yield f"{line.name} was left out: {_lower(said.sentence) or 'our rules say no for you now.'} Please ask us."
    elif line.verdict and WORSE.index(said.verdict) > WORSE.index(line.verdict) and said.sentence:
        yield f"{line.name}: {_lower(said.sentence)}"


def _list(line: Line, item: Item | None) -> Iterator[str]:
    """What came into its ingredient list, and what left it, since the plan was written."""
    if item is None or not line.inci or line.inci == item.label.text:
        return
    was, now = label_of(line.inci).names, item.label.names
    more, less = sorted(now - was), sorted(was - now)
    parts = ["now also holds " + ", ".join(map(say_name, more))] if more else []
    parts += ["no longer holds " + ", ".join(map(say_name, less))] if less else []
    if parts:
        yield f"The list of {line.name} has changed: it {' and '.join(parts)}."


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _rise(name: str, was_minor: int, now_minor: int, currency: str) -> str:
    return f"{name} costs {money(now_minor, currency)} now; it was {money(was_minor, currency)} when this was written."


def _packages(content: Content) -> dict[str, Package]:
    slugs = [line.package for line in content.lines if line.package]
    if not slugs:
        return {}
    return {one.slug: one for one in db.session.scalars(select(Package).where(Package.slug.in_(slugs)))}


def _told_something_since(client_id: int, since: datetime) -> bool:
    """An override holds for what was known when it was written."""
    newer = select(ClientFacts.id).where(ClientFacts.client_id == client_id, ClientFacts.changed_at > since)
    return db.session.scalar(newer) is not None
