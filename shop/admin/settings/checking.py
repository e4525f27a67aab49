"""What a setting may be beyond its type, each rule with its sentence; nothing here is saved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from shop.catalog.checking_copy import claims_in
from shop.core.errors import Refused
from shop.terms.addresses import country_name
from shop.terms.contracts import LATE_TERMS
from shop.terms.dispatching import DAYS

MOST = 100_000
CHOICES: dict[str, tuple[str, ...]] = {
    "policy.late_terms": LATE_TERMS,
    "visits.late": ("session", "fee", "free"),
    "visits.no_show": ("session", "free"),
}
_PATTERNS = {
    "clinic.country": (r"[A-Z]{2}", "A country is two capital letters: GB."),
    "delivery.cutoff": (r"([01]\d|2[0-3]):[0-5]\d", "A time of day, like 14:00."),
    "delivery.service_code": (r"[A-Za-z0-9]{0,20}", "Letters and figures, like TPN24."),
    "clinic.email": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "This does not look like an e-mail address."),
    "orders.number_prefix": (r"[A-Z]{1,4}-", "One to four capital letters and a hyphen: AG-."),
    "vat.percent": (r"\d{1,2}(\.\d{1,2})?", "Figures, for example 20."),
}
SAID = ("clinic.strapline", "clinic.mail_words")  # what clients read is held to the rules of claims
NEEDED = ("clinic.name", "clinic.legal_name", "clinic.phone", "clinic.address", "clinic.hours")


def check(values: Mapping[str, Any]) -> None:
    """All values of a group together. Raises Refused naming the first field that cannot be."""
    for key, value in values.items():
        _one(key, value)
    for key, sentence in claims_in({key: str(values.get(key, "")) for key in SAID}):
        raise Refused(sentence, field=key)
    hold, page = values.get("checkout.hold_minutes"), values.get("checkout.session_minutes")
    if hold is not None and page is not None:
        if not 30 <= page <= 1440:
            raise Refused("Stripe keeps a payment page open for 30 minutes to 24 hours.", field="checkout.session_minutes")
        if hold <= page:
            raise Refused("Goods are held longer than the payment page is open.", field="checkout.hold_minutes")
    if not 1 <= values.get("staff.lock_minutes", 30) <= 30:
        raise Refused("Between 1 and 30 minutes.", field="staff.lock_minutes")
    _check_days(values)
    _day("vat.registered_from", values)
    for code in values.get("delivery.countries", ()):
        if not re.fullmatch("[A-Z]{2}", code) or country_name(code) == code:
            raise Refused(f"{code} is no country: write two capital letters.", field="delivery.countries")


def _check_days(values: Mapping[str, Any]) -> None:
    for word in values.get("delivery.leaves_on", ()):
        if word.lower() not in DAYS:
            raise Refused(f"{word} is no weekday: write Monday, Tuesday …", field="delivery.leaves_on")
    first, last = _day("delivery.away_from", values), _day("delivery.away_until", values)
    if first and (last is None or last < first):
        raise Refused("Say also when you are back: the last day away, not before the first.", field="delivery.away_until")


def _day(key: str, values: Mapping[str, Any]) -> date | None:
    text = values.get(key)
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = None
    if text and (day is None or day.isoformat() != text):  # other spellings would not sort by time
        raise Refused("A day like 2026-12-24, or nothing.", field=key)
    return day


def _one(key: str, value: Any) -> None:
    if isinstance(value, int) and not isinstance(value, bool) and not 0 <= value <= MOST * 100:
        raise Refused("This number cannot be right.", field=key)
    if key in NEEDED and not value:
        raise Refused("This cannot be empty.", field=key)
    if key in _PATTERNS and not re.fullmatch(_PATTERNS[key][0], str(value)):
        raise Refused(_PATTERNS[key][1], field=key)
    if key in CHOICES and value not in CHOICES[key]:
        raise Refused(f"One of {', '.join(CHOICES[key])}.", field=key)
