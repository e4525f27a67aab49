"""Whether a lot outlives its use: a serum that lasts six weeks is sold fresh only from a lot that lasts longer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

FRESH, SHORT_DATED, TOO_SHORT, OVER, UNDATED = "fresh", "short-dated", "too short", "over", "undated"


def days_of_use(
    content_amount: int | None, content_unit: str, *, amount_per_use_ml: str | None, uses_per_day: int | None
) -> int | None:
    """30 ml at 0.35 ml twice a day is 42 days; None when the product does not say. A gram counts as a millilitre."""
    if not content_amount or content_unit == "piece" or not amount_per_use_ml or not uses_per_day:
        return None
    try:
        per_day = Decimal(amount_per_use_ml) * uses_per_day
    except InvalidOperation:
        return None
    return int(content_amount / per_day) if per_day > 0 else None


def standing(expires_on: date | None, *, today: date, use_days: int | None, delivery_days: int, minimum_days: int) -> str:
    """`undated` stays sellable; `short-dated` is offered as such; `too short` and `over` are not sold any more."""
    if expires_on is None:
        return UNDATED
    left = (expires_on - today).days - delivery_days
    if expires_on <= today:
        return OVER
    if left < minimum_days:
        return TOO_SHORT
    return FRESH if left >= (use_days or minimum_days) else SHORT_DATED


def last_day_fresh(expires_on: date, *, use_days: int | None, delivery_days: int) -> date:
    """Until when a lot can be sold without a word about its date."""
    return expires_on - timedelta(days=(use_days or 0) + delivery_days)
