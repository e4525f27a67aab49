"""A refund explained for machines: the same engine, ISO dates and minor units."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from shop.core.errors import Refused
from shop.core.money import split, vat_inside
from shop.core.units import units
from shop.terms.cancellation import cancel
from shop.terms.contracts import Facts, Item
from shop.terms.jurisdictions import law_of

_CURRENCIES = {"uk": "GBP", "eu": "EUR", "quebec": "CAD"}


def explain_refund(
    *,
    jurisdiction: str,
    price_minor: int,
    vat_percent: int | Decimal | str,
    bought: date,
    cancelled: date,
    sessions: int = 0,
    used: int = 0,
    express_request: bool = False,
    notice_missing: bool = False,
    single_minor: int | None = None,
    country: str = "",
    basket: Sequence[Mapping[str, Any]] | None = None,
    currency: str | None = None,
) -> dict[str, object]:
    """What comes back, what is kept, and why. Raises Refused with a sentence for anything that cannot be.

    A basket is a list of things sold together at `price_minor`, each {"kind", "what",
    "list_minor" (of one), "count", "used", "state"} and, if known, "delivered" as an ISO date.
    """
    if price_minor < 0 or (single_minor is not None and single_minor < 0):
        raise Refused("A price cannot be below zero.")
    alone = {"kind": "sessions", "what": "Sessions", "list_minor": price_minor, "count": sessions, "used": used}
    items = read_basket([alone] if basket is None else basket, price_minor=price_minor, vat_percent=vat_percent,
                        single_minor=single_minor)  # fmt: skip
    facts = Facts(
        law=law_of(jurisdiction, on=bought),
        bought_on=bought,
        cancelled_on=cancelled,
        has_express_request=express_request,
        is_notice_missing=notice_missing,
        country=country.upper(),
        late="pro-rata" if single_minor is None else "list-price",
        currency=currency or _CURRENCIES.get(jurisdiction, "GBP"),
    )
    outcome = cancel(items, facts)
    return {
        "refund_minor": outcome.refund_minor,
        "vat_minor": outcome.vat_minor,
        "kept_minor": outcome.kept_minor,
        "lines": [{"what": line.what, "minor": line.minor, "why": line.why} for line in outcome.said],
        "rule": outcome.rule,
        "version": outcome.version,
    }


def read_basket(
    basket: Sequence[Mapping[str, Any]],
    *,
    price_minor: int,
    vat_percent: int | Decimal | str,
    single_minor: int | None = None,
) -> list[Item]:
    """Things sold together at one price, shared by list price; delivery keeps its own price where there is room."""
    read = [_read(entry) for entry in basket]
    if not read:
        raise Refused("The basket is empty.")
    prices = _prices(read, price_minor)
    return [
        Item(
            key=str(number),
            kind=entry["kind"],
            what=entry["what"],
            units=units(price, vat_inside(price, vat_percent), entry["count"], charge="order"),
            used=entry["used"] if entry["kind"] == "sessions" else 0,
            state=entry["state"],
            delivered_on=entry["delivered"],
            single_minor=single_minor,
        )
        for number, (entry, price) in enumerate(zip(read, prices, strict=True))
    ]


def _prices(read: Sequence[Mapping[str, Any]], price_minor: int) -> list[int]:
    weights = [entry["list_minor"] * entry["count"] for entry in read]
    is_delivery = [entry["kind"] == "delivery" for entry in read]
    delivery = sum(weight for weight, alone in zip(weights, is_delivery, strict=True) if alone)
    if delivery > price_minor or all(is_delivery):
        return split(price_minor, weights)
    rest = split(
        price_minor - delivery, [0 if alone else weight for weight, alone in zip(weights, is_delivery, strict=True)]
    )
    return [weight if alone else share for weight, share, alone in zip(weights, rest, is_delivery, strict=True)]


def _read(entry: Mapping[str, Any]) -> dict[str, Any]:
    """One thing of a basket with its defaults. Raises Refused when a figure is none."""
    kind = str(entry.get("kind", ""))
    read: dict[str, Any] = {"kind": kind, "what": str(entry.get("what") or kind.capitalize())}
    for name, least, otherwise in (("list_minor", 0, 0), ("count", 1, 1), ("used", 0, 0)):
        value = entry.get(name, otherwise)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise Refused(f"{read['what']}: {name} must be a whole number, {least} or more.")
        read[name] = value
    read["state"] = str(entry.get("state") or "sealed")
    read["delivered"] = _date(entry.get("delivered"))
    return read


def _date(text: object) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise Refused(f"{text!r} is not a date; write it as 2026-06-10.") from None
