"""What delivery costs: by country and weight, free from a sum of goods, nothing for sessions or when collected."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from shop.core.errors import Refused
from shop.terms.addresses import named_country

_DEFAULT = Path(__file__).with_name("data") / "shipping.json"


@dataclass(frozen=True, slots=True)
class Table:
    """Per country the steps (up to so many grams, price in minor units), and the sum of goods that travels free."""

    steps: Mapping[str, tuple[tuple[int, int], ...]]
    free_from_minor: Mapping[str, int] = field(default_factory=dict)
    version: str = ""

    @property
    def countries(self) -> list[str]:
        return list(self.steps)


def read_table(stored: Mapping[str, Any]) -> Table:
    """The table as it is stored: {"countries": {"GB": {"steps": [[2000, 395]], "free_from_minor": 6000}}}."""
    steps = {
        country: tuple(sorted((int(g), int(p)) for g, p in rule["steps"])) for country, rule in stored["countries"].items()
    }
    free = {
        country: int(rule["free_from_minor"])
        for country, rule in stored["countries"].items()
        if rule.get("free_from_minor") is not None
    }
    return Table(steps, free, stored.get("version", ""))


@lru_cache
def default_table() -> Table:
    return read_table(json.loads(_DEFAULT.read_text(encoding="utf-8")))


def delivery_minor(
    table: Table, *, country: str, weight_grams: int, goods_minor: int, has_goods: bool, collect: bool = False
) -> int:
    """The price of one parcel; `goods_minor` is what the goods cost after discounts. Raises Refused with a sentence."""
    if collect or not has_goods:
        return 0
    steps = table.steps.get(country)
    if not steps:
        raise Refused(f"We do not deliver to {named_country(country)}. You can collect at the clinic.", field="country")
    price = next((price for up_to, price in steps if weight_grams <= up_to), None)
    if price is None:
        raise Refused("This is too heavy for one parcel. Please order in two parts or collect at the clinic.")
    free_from = table.free_from_minor.get(country)
    return 0 if free_from is not None and goods_minor >= free_from else price


def missing_for_free(table: Table, *, country: str, goods_minor: int) -> int | None:
    """How much more of goods would travel free; None where delivery is never free."""
    free_from = table.free_from_minor.get(country)
    return None if free_from is None else max(free_from - goods_minor, 0)
