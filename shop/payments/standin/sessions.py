"""The life of a payment page: opened with lines and a last hour, paid or left, closed for good."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from shop.payments.currencies import check_charge, check_part, smallest_charge_minor
from shop.payments.errors import StripeRefused
from shop.payments.standin.envelope import ApiError, missing
from shop.payments.standin.recording import record
from shop.payments.standin.shapes import item_shape, page_of, session_shape
from shop.payments.standin.store import Json, Unit, new_id

# What the stand-in acts on; the rest of what Stripe knows is refused aloud rather than ignored.
_SPOKEN = frozenset(
    [
        "mode",
        "client_reference_id",
        "metadata",
        "line_items",
        "expires_at",
        "success_url",
        "cancel_url",
        "payment_intent_data",
        "shipping_options",
        "adaptive_pricing",
        "allow_promotion_codes",
        "customer_email",
        "locale",
        "submit_type",
        "expand",
    ]
)
_SHORTEST = 30 * 60
_LONGEST = 24 * 3600
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def open_session(unit: Unit, params: Json, *, base_url: str) -> Json:
    """Make a Session from parameters whose types were checked. Raises ApiError in Stripe's words."""
    _check_spoken(params)
    _check_words(params)
    params.setdefault("expires_at", unit.now + _LONGEST)
    _check_expiry(params["expires_at"], now=unit.now)
    _check_lines(params["line_items"])
    id = new_id("cs_test_", length=58)
    session = session_shape(params, now=unit.now, url=f"{base_url}/c/pay/{id}", id=id)
    items = [item_shape(line, now=unit.now) for line in params["line_items"]]
    _add_up(session, items, params.get("shipping_options", []))
    session["line_items"] = page_of(items, url=f"/v1/checkout/sessions/{id}/line_items")
    session["_intent_data"] = params.get("payment_intent_data", {})
    return unit.add(session)


def get_session(unit: Unit, id: str) -> Json:
    """The Session, closed if its hour has come. Raises ApiError when there is none."""
    session = unit.find("checkout.session", id)
    if session is None:
        raise missing("checkout.session", id, param="session")
    if session["status"] == "open" and session["expires_at"] <= unit.now:
        return close(unit, session)
    return session


def expire(unit: Unit, id: str) -> Json:
    """Close a Session on request; only an open one can be closed."""
    session = get_session(unit, id)
    if session["status"] != "open":
        raise ApiError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has '
            f"a status of `{session['status']}`."
        )
    return close(unit, session)


def expire_due(unit: Unit) -> int:
    """Close every Session whose hour has come; answers how many there were."""
    rows = unit.sql(
        "SELECT id FROM object WHERE kind = 'checkout.session'"
        " AND json_extract(body, '$.status') = 'open' AND json_extract(body, '$.expires_at') <= ?",
        (unit.now,),
    ).fetchall()
    for row in rows:
        get_session(unit, row["id"])
    return len(rows)


def close(unit: Unit, session: Json) -> Json:
    """Mark a Session expired and say so."""
    session |= {"status": "expired", "url": None}
    unit.save(session)
    record(unit, "checkout.session.expired", session)
    return session


def _check_spoken(params: Json) -> None:
    unknown = sorted(set(params) - _SPOKEN)
    if unknown:
        raise ApiError(f"The stand-in does not speak the parameter {unknown[0]}.", param=unknown[0])
    for needed in ("mode", "line_items", "success_url"):
        if needed not in params:
            raise ApiError(f"Missing required param: {needed}.", code="parameter_missing", param=needed)
    if params["mode"] != "payment":
        raise ApiError("The stand-in speaks the mode payment only.", param="mode")


def _check_words(params: Json) -> None:
    for name in ("success_url", "cancel_url"):
        url = urlsplit(params.get(name, "https://example.com"))
        if url.scheme not in ("http", "https") or not url.netloc:
            raise ApiError("Not a valid URL", code="url_invalid", param=name)
    if not _EMAIL.fullmatch(params.get("customer_email", "a@example.com")):
        raise ApiError(f"Invalid email address: {params['customer_email']}", code="email_invalid", param="customer_email")
    if len(params.get("client_reference_id", "")) > 200:
        raise ApiError("Invalid string: must be at most 200 characters", param="client_reference_id")
    check_metadata(params.get("metadata"))
    check_metadata(params.get("payment_intent_data", {}).get("metadata"))


def check_metadata(metadata: Any) -> None:
    """At most 50 entries, keys of 40 and values of 500 characters."""
    entries = metadata or {}
    if len(entries) > 50 or any(len(k) > 40 or len(v) > 500 for k, v in entries.items()):
        raise ApiError("Metadata can hold 50 keys of up to 40 characters, with values of up to 500.", param="metadata")


def _check_expiry(expires_at: int, *, now: int) -> None:
    if expires_at < now + _SHORTEST:
        raise ApiError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if expires_at > now + _LONGEST:
        raise ApiError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )


def _check_lines(lines: list[Json]) -> None:
    if not 1 <= len(lines) <= 100:
        raise ApiError("`line_items` takes 1 to 100 entries in `payment` mode.", param="line_items")
    for index, line in enumerate(lines):
        _check_line(line, at=f"line_items[{index}]")
    if len({line["price_data"]["currency"] for line in lines}) > 1:
        raise ApiError("All prices of a Checkout Session must share one currency.", param="line_items")


def _check_line(line: Json, *, at: str) -> None:
    price = line.get("price_data", {})
    needed = {
        f"{at}[price_data]": price,
        f"{at}[quantity]": line.get("quantity"),
        f"{at}[price_data][unit_amount]": price.get("unit_amount"),
        f"{at}[price_data][product_data]": price.get("product_data"),
    }
    for param, value in needed.items():
        if value is None or value == {}:
            raise ApiError(f"Missing required param: {param}.", code="parameter_missing", param=param)
    if line["quantity"] < 1:
        raise ApiError(
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
            param=f"{at}[quantity]",
        )
    _check_amount(price["unit_amount"], price["currency"], param=f"{at}[price_data][unit_amount]")


def _check_amount(amount: int, currency: str, *, param: str) -> None:
    if amount < 0:
        raise ApiError("This value must be greater than or equal to 0.", code="parameter_invalid_integer", param=param)
    try:
        check_part(amount, currency.upper())
    except StripeRefused as error:
        raise ApiError(f"Invalid currency or amount: {error.sentence}", param=param) from None


def _add_up(session: Json, items: list[Json], options: list[Json]) -> None:
    """Fill in currency and totals; one fixed way of delivery, as our own page priced it."""
    currency = items[0]["currency"]
    goods = sum(item["amount_total"] for item in items)
    delivery = _delivery_amount(options, currency=currency)
    total = goods + delivery
    try:
        check_charge(total, currency.upper())
    except StripeRefused as error:
        raise ApiError(_total_sentence(total, currency), code=error.code) from None
    session |= {"currency": currency, "amount_subtotal": goods, "amount_total": total}
    session["total_details"]["amount_shipping"] = delivery
    if options:
        rate = new_id("shr_")
        session["shipping_options"] = [{"shipping_amount": delivery, "shipping_rate": rate}]
        session["shipping_cost"] = {
            "amount_subtotal": delivery, "amount_tax": 0, "amount_total": delivery, "shipping_rate": rate,
        }  # fmt: skip


def _total_sentence(total: int, currency: str) -> str:
    if total < smallest_charge_minor(currency.upper()):
        least = smallest_charge_minor(currency.upper())
        return f"The Checkout Session's total amount due must add up to at least {least} {currency}"
    return "The Checkout Session's total amount due must be no more than 99999999"


def _delivery_amount(options: list[Json], *, currency: str) -> int:
    if not options:
        return 0
    rate = options[0].get("shipping_rate_data", {}).get("fixed_amount")
    if len(options) > 1 or rate is None:
        raise ApiError("The stand-in speaks one fixed shipping option.", param="shipping_options")
    if rate["currency"] != currency:
        raise ApiError("The shipping rate must use the currency of the line items.", param="shipping_options")
    _check_amount(rate["amount"], currency, param="shipping_options[0][shipping_rate_data][fixed_amount][amount]")
    return int(rate["amount"])
