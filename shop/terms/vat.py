"""The rate of VAT by country and class, as dated data that the clinic confirms; prices always include it."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from shop.core.errors import Refused
from shop.core.money import vat_inside

_DATA = Path(__file__).with_name("data") / "vat.json"
# What bears no tax is said by its class, so that it cannot be mixed up with a missing rate.
UNTAXED = frozenset({"zero", "exempt", "voucher"})


def percent_for(country: str, tax_class: str = "standard", *, is_registered: bool = True) -> str:
    """The rate as text ("20", "25.5"); "0" for a clinic that is not registered. Raises Refused when none is known."""
    if not is_registered or tax_class in UNTAXED:
        return "0"
    rate = _rates().get(country, {}).get(tax_class)
    if rate is None:
        raise Refused(f"No VAT rate is known for {country}, {tax_class}. Enter it in the settings first.")
    return str(rate)


def net_minor(gross_minor: int, percent: str) -> int:
    return gross_minor - vat_inside(gross_minor, percent)


@lru_cache
def _rates() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(_DATA.read_text(encoding="utf-8"))["countries"]
    return found
