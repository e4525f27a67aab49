"""Which law protects a buyer, by country, and the dated versions of each law's figures."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from shop.core.errors import Refused

EU = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT"}
    | {"LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
JURISDICTIONS = ("uk", "eu", "quebec", "clinic")

_DATA = Path(__file__).with_name("data") / "cancellation.json"
_QUEBEC_POSTCODES = ("G", "H", "J")


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One version of one jurisdiction's figures; orders keep the version under which they were placed."""

    jurisdiction: str
    version: str
    in_force: date
    source: str
    url: str
    reviewed: date
    rule_within: str
    rule_nothing_owed: str = ""
    window_days: int = 0
    rolls_to_working_day: bool = False
    missing_notice_months: int = 0
    forgives_without_request: bool = False
    withdrawal_function: bool = False
    any_time: bool = False
    fee_cap_minor: int = 0
    fee_percent: str = "0"
    refund_days: int = 14


def jurisdiction_of(country: str, *, postcode: str = "", default: str = "uk") -> str:
    """The law of the buyer's country; the clinic's own where it is none of ours."""
    if country == "GB":
        return "uk"
    if country in EU:
        return "eu"
    if country == "CA":
        return "quebec" if postcode.strip().upper().startswith(_QUEBEC_POSTCODES) else "clinic"
    return default


def refuse_sale(jurisdiction: str) -> None:
    """Raise Refused where a package may not be sold: Quebec forbids prepaying the whole of it."""
    if jurisdiction == "quebec":
        raise Refused("We cannot sell prepaid packages in Quebec, where they may not be paid in full beforehand.")


def law_of(jurisdiction: str, *, on: date | None = None, version: str | None = None) -> Law:
    """The version asked for, or the one in force on a day (the newest when no day is given). Raises Refused."""
    known = _laws().get(jurisdiction)
    if not known:
        raise Refused(f"{jurisdiction!r} is none of the jurisdictions {', '.join(JURISDICTIONS)}.")
    if version is None:
        return next((law for law in reversed(known) if on is None or law.in_force <= on), known[0])
    found = next((law for law in known if law.version == version), None)
    if found is None:
        raise Refused(f"There is no version {version!r} of the rules for {jurisdiction}.")
    return found


def read_law(jurisdiction: str, stored: Mapping[str, Any]) -> Law:
    """A version as it is stored (ISO dates), also when a clinic wrote its own."""
    names = {field.name for field in fields(Law)}
    known = {key: value for key, value in stored.items() if key in names}
    for key in ("in_force", "reviewed"):
        known[key] = date.fromisoformat(known[key])
    return Law(**{**known, "jurisdiction": jurisdiction})


@lru_cache
def _laws() -> dict[str, list[Law]]:
    stored = json.loads(_DATA.read_text(encoding="utf-8"))
    return {
        jurisdiction: sorted((read_law(jurisdiction, version) for version in versions), key=lambda law: law.in_force)
        for jurisdiction, versions in stored.items()
    }
