"""What may stand in the address of a product list; anything else there is read as not said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from shop.core.errors import Refused
from shop.core.money import parse_minor

SORTS = {
    "relevance": "Our order",
    "price": "Price, lowest first",
    "-price": "Price, highest first",
    "newest": "Newest first",
    "name": "Name, A to Z",
}
MANY = ("concern", "brand", "step", "active", "free_from")
MOST_VALUES, LONGEST_VALUE, LONGEST_QUERY = 12, 80, 200


@dataclass(frozen=True, slots=True)
class Filters:
    """Values of one kind: any of them will do for concern, brand and step; all of them count for active and free_from."""

    concern: tuple[str, ...] = ()
    brand: tuple[str, ...] = ()
    step: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    free_from: tuple[str, ...] = ()
    price_max: str = ""
    price_max_minor: int | None = None
    in_stock: bool = False
    q: str = ""
    sort: str = "relevance"

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Every filter that is set, as (kind, value); without the order and the words searched for."""
        pairs = [(kind, value) for kind in MANY for value in getattr(self, kind)]
        if self.price_max_minor is not None:
            pairs.append(("price_max", self.price_max))
        return [*pairs, ("in_stock", "1")] if self.in_stock else pairs

    def pairs(self, *, sort: bool = True) -> list[tuple[str, str]]:
        """The same list's address, as name and value."""
        found = [*([("q", self.q)] if self.q else []), *self.chosen]
        return [*found, ("sort", self.sort)] if sort and self.sort != "relevance" else found

    def address(self, *, path: str = "/products", after: str = "") -> str:
        pairs = [*self.pairs(), *([("after", after)] if after else [])]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def without(self, kind: str, value: str = "") -> Filters:
        """Less one value, or less all of a kind."""
        if kind == "price_max":
            return replace(self, price_max="", price_max_minor=None)
        if kind == "in_stock":
            return replace(self, in_stock=False)
        kept = tuple(one for one in getattr(self, kind) if value and one != value)
        fewer: dict[str, Any] = {kind: kept}
        return replace(self, **fewer)


def read_filters(args: Any, *, currency: str = "GBP") -> Filters:
    """From the query string (a MultiDict); never raises."""
    price_max = _text(args.get("price_max", ""), LONGEST_VALUE)
    price_max_minor = _price(price_max, currency)
    sort = args.get("sort", "")
    return Filters(
        **{kind: tuple(_values(args.getlist(kind))) for kind in MANY},
        price_max=price_max if price_max_minor is not None else "",
        price_max_minor=price_max_minor,
        in_stock=args.get("in_stock", "") in ("1", "y", "yes", "true", "on"),
        q=_text(args.get("q", ""), LONGEST_QUERY),
        sort=sort if sort in SORTS else "relevance",
    )


def _values(given: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for value in given:
        text = _text(value, LONGEST_VALUE)
        if text and text not in seen and len(seen) < MOST_VALUES:
            seen.add(text)
            yield text


def _text(value: str, longest: int) -> str:
    """Printable and short. PostgreSQL knows no null character and no half of a surrogate pair."""
    clean = "".join(c if c.isprintable() else " " for c in value[: longest * 4])
    return " ".join(clean.split())[:longest].strip()


def _price(text: str, currency: str) -> int | None:
    try:
        return parse_minor(text, currency) if text else None
    except Refused:
        return None
