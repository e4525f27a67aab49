"""Treatments and prices in one list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class PriceRow:
    """`from_minor` is None where a price is named only after a consultation."""

    slug: str
    name: str
    from_minor: int | None
    summary: str


def price_rows(treatments: Iterable[Any]) -> list[PriceRow]:
    return [
        PriceRow(row.slug, row.name, row.from_minor if row.sold_as != "unsold" else None, row.intro) for row in treatments
    ]
