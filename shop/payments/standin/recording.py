"""Every change becomes an event: written with the change, sent once the change stands."""

from __future__ import annotations

from shop.payments.standin.aftermath import event_shape
from shop.payments.standin.store import Json, Unit, new_id, without

# What the shop's webhook endpoint subscribes to; everything else is only listed.
SUBSCRIBED = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "radar.early_fraud_warning.created",
        "payout.paid",
        "payout.failed",
    }
)
# Fields of the stored session that no answer shows by itself.
INNER = ("line_items", "_intent_data", "_payout")


def record(unit: Unit, type: str, body: Json, *, previous: Json | None = None) -> Json:
    """Write an event about an object as it is now, and line it up for the webhook if it is subscribed."""
    event = event_shape(type, without(body, *INNER), previous=previous, api_version=api_version(), now=unit.now)
    event["request"] = {"id": unit.request_id, "idempotency_key": unit.idempotency_key}
    event["pending_webhooks"] = int(type in SUBSCRIBED)
    unit.add(event, owner=type)
    if type in SUBSCRIBED:
        _line_up(unit, event["id"])
    return event


def api_version() -> str:
    """The version that the SDK speaks; the webhook endpoint is created on the same one."""
    import stripe

    return str(stripe.api_version)


def new_request_id() -> str:
    return new_id("req_", length=14)


def _line_up(unit: Unit, event: str) -> None:
    """Queue one delivery; the control desk's switches may lose it, repeat it or make it late."""
    dropping = unit.switch("drop_next", 0)
    if dropping:
        unit.set_switch("drop_next", dropping - 1)
        return
    due_at = unit.now + unit.switch("delay_seconds", 0)
    for _ in range(unit.switch("copies", 1)):
        unit.sql("INSERT INTO delivery (event, due_at) VALUES (?, ?)", (event, due_at))
