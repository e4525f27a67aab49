"""What an attempt to pay tells Stripe: neutral line names, amounts, two references and nothing about health."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shop.payments.currencies import check_charge, check_part
from shop.payments.errors import StripeRefused

MOST_LINES = 100
_LONGEST_NAME = 250
_LONGEST_REFERENCE = 200
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class LineParams:
    """One order line: its name already carries the count, the amount is that of the whole line."""

    name: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class DeliveryParams:
    """The one way of delivery that our own page priced; zero for collecting at the clinic."""

    name: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RecipientParams:
    """Who the goods go to. `country` is an ISO code of two letters."""

    name: str
    line1: str
    city: str
    postcode: str
    country: str
    line2: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class AttemptParams:
    """One attempt to pay, as stored before Stripe is asked: the same attempt always asks the same thing.

    `expires_at` was computed once and is stored with the attempt; `site_url` has no final slash.
    """

    attempt_id: str
    order_number: str
    currency: str
    lines: tuple[LineParams, ...]
    expires_at: datetime
    success_url: str
    cancel_url: str
    delivery: DeliveryParams | None = None
    recipient: RecipientParams | None = None
    email: str | None = None
    locale: str | None = None

    @property
    def total_minor(self) -> int:
        goods = sum(line.amount_minor for line in self.lines)
        return goods + (self.delivery.amount_minor if self.delivery else 0)


def return_urls(site_url: str, *, cancel_path: str = "/checkout") -> dict[str, str]:
    """The two addresses that Stripe sends the person back to; the braces are filled in by Stripe."""
    base = site_url.rstrip("/")
    return {
        "success_url": f"{base}/checkout/return?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{base}{cancel_path}",
    }


def session_params(attempt: AttemptParams) -> dict[str, Any]:
    """The parameters of a hosted Checkout Session. Raises StripeRefused for what Stripe would never take."""
    _check(attempt)
    metadata = {"order": attempt.order_number, "attempt": attempt.attempt_id}
    params: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": attempt.order_number,
        "metadata": metadata,
        # Refunds and disputes point to the payment intent, not to the session.
        "payment_intent_data": {"metadata": dict(metadata)},
        "line_items": [_line(line, currency=attempt.currency) for line in attempt.lines],
        "expires_at": int(attempt.expires_at.timestamp()),
        "success_url": attempt.success_url,
        "cancel_url": attempt.cancel_url,
        "adaptive_pricing": {"enabled": False},
        "allow_promotion_codes": False,
    }
    if attempt.delivery:
        params["shipping_options"] = [_delivery(attempt.delivery, currency=attempt.currency)]
    if attempt.recipient:
        params["payment_intent_data"]["shipping"] = _recipient(attempt.recipient)
    if attempt.email:
        params["customer_email"] = attempt.email
    if attempt.locale:
        params["locale"] = attempt.locale
    return params


def _check(attempt: AttemptParams) -> None:
    if not 1 <= len(attempt.lines) <= MOST_LINES:
        raise StripeRefused(f"A card payment can have up to {MOST_LINES} different lines. Please split the order.")
    if attempt.expires_at.tzinfo is None:
        raise ValueError("expires_at must know its time zone")
    for line in attempt.lines:
        check_part(line.amount_minor, attempt.currency)
    if attempt.delivery:
        check_part(attempt.delivery.amount_minor, attempt.currency)
    check_charge(attempt.total_minor, attempt.currency)
    for reference in (attempt.order_number, attempt.attempt_id):
        if not re.fullmatch(rf"[\w-]{{1,{_LONGEST_REFERENCE}}}", reference, re.ASCII):
            raise ValueError(f"{reference!r} is not a plain reference")
    if attempt.recipient and not _COUNTRY.fullmatch(attempt.recipient.country):
        raise ValueError("a country is two capital letters")


def _line(line: LineParams, *, currency: str) -> dict[str, Any]:
    return {
        "quantity": 1,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": line.amount_minor,
            "product_data": {"name": _shortened(line.name)},
        },
    }


def _delivery(delivery: DeliveryParams, *, currency: str) -> dict[str, Any]:
    return {
        "shipping_rate_data": {
            "type": "fixed_amount",
            "display_name": _shortened(delivery.name, longest=100),
            "fixed_amount": {"amount": delivery.amount_minor, "currency": currency.lower()},
        }
    }


def _recipient(who: RecipientParams) -> dict[str, Any]:
    address = {
        "line1": who.line1,
        "line2": who.line2,
        "city": who.city,
        "postal_code": who.postcode,
        "country": who.country,
    }
    shipping: dict[str, Any] = {
        "name": who.name,
        # An empty string would mean "unset" to Stripe.
        "address": {key: value for key, value in address.items() if value},
    }
    if who.phone:
        shipping["phone"] = who.phone
    return shipping


def _shortened(name: str, *, longest: int = _LONGEST_NAME) -> str:
    """A line needs some name, and Stripe takes no endless one."""
    tidy = " ".join(name.split())
    if not tidy:
        raise ValueError("every line needs a name")
    return tidy if len(tidy) <= longest else tidy[: longest - 1].rstrip() + "…"
