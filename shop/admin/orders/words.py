"""Where an order stands, in words with the kind of their dot."""

from __future__ import annotations

Word = tuple[str, str]

WAITS = {"ship": ("To send", "wait"), "collect": ("To get ready", "wait")}
PART = {"ship": ("A part sent", "wait"), "collect": ("A part collected", "wait")}
LEFT = {"ship": ("Sent", "good"), "collect": ("Collected", "good")}
STATES = {
    "open": ("Waiting for payment", "open"),
    "placed": ("Placed", "good"),
    "lapsed": ("Not paid, lapsed", "quiet"),
    "cancelled": ("Cancelled", "quiet"),
}
DELIVERIES = {"ship": "By post", "collect": "Collects at the clinic", "none": "Sessions only"}
EVENTS = {
    "captured": "{amount} came in ({tender})",
    "refunded": "{amount} went back ({tender})",
    "refund_failed": "{amount} of a refund came back from the bank",
    "refunded_outside": "{amount} was refunded in Stripe's own dashboard",
    "disputed": "{amount} is disputed",
    "dispute_won": "{amount} came back: the dispute was won",
}
REFUNDS = {
    "requested": ("Asked for", "wait"),
    "submitted": ("Sent to Stripe", "wait"),
    "pending": ("On its way", "wait"),
    "requires_action": ("Waits for the client", "wait"),
    "succeeded": ("Paid back", "good"),
    "failed": ("Failed", "no"),
    "canceled": ("Called off", "no"),
    "unknown": ("Being asked about", "wait"),
}


def fulfilment_word(*, state: str, fulfilment: str, delivery: str, is_ready: bool) -> Word:
    """Goods alone: sessions are redeemed visit by visit and have their own pages."""
    if state in ("open", "lapsed"):
        return STATES[state]
    if state == "cancelled" or fulfilment == "cancelled":
        return STATES["cancelled"]
    if delivery == "none":
        return "Sessions only", "quiet"
    if fulfilment == "done":
        return LEFT[delivery]
    if fulfilment == "part" and not is_ready:
        return PART[delivery]
    return ("Ready to collect", "wait") if is_ready else WAITS[delivery]


def payment_word(*, state: str, total_minor: int, captured_minor: int, back_minor: int) -> Word:
    if captured_minor and back_minor >= captured_minor:
        return "Paid back", "quiet"
    if back_minor:
        return "Partly paid back", "wait"
    if captured_minor:
        return "Paid", "good"
    if not total_minor and state == "placed":
        return "Nothing to pay", "quiet"
    return ("Not paid yet", "open") if state == "open" else ("Not paid", "quiet")
