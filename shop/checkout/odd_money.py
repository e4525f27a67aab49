"""Money that does not fit: nothing is granted, the attempt is set aside, and a person reads why and what to do."""

from __future__ import annotations

from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.money import money
from shop.orders.models import Order
from shop.payments import attempts
from shop.payments.answers import CheckoutSession
from shop.payments.models import PaymentAttempt


def mismatch(page: CheckoutSession, attempt: PaymentAttempt | None, order: Order | None) -> str:
    """Why this payment cannot be believed, as a sentence; empty when attempt, order and page agree."""
    if order is None:
        return f"The payment names the order {page.reference or '(none)'}, which is not ours."
    if attempt is None or attempt.idempotency_key != attempts.key_of(page.metadata.get("attempt", "")):
        return "The payment does not carry the mark of the attempt that opened its page."
    if attempt.order_number != order.number:
        return f"The payment was begun for the order {attempt.order_number}, but names {order.number}."
    if page.currency != order.currency:
        return f"Paid in {page.currency}, the order is in {order.currency}."
    if page.amount_total_minor != order.due_minor:
        paid, due = money(page.amount_total_minor, page.currency), money(order.due_minor, order.currency)
        return f"Paid {paid}, the order comes to {due}."
    return ""


def set_aside(page: CheckoutSession, attempt: PaymentAttempt | None, order: Order) -> str:
    """Why a payment that agrees with its unpaid order still needs a person; empty when it does not."""
    if attempt is None or attempt.session_id not in (None, page.id):
        return "The payment page is not the one that was opened for this order."
    if order.state == "open" or attempt.state in ("odd", "paid"):
        return "This attempt to pay was set aside before."
    return ""


def odd(page: CheckoutSession, reason: str, *, attempt: PaymentAttempt | None = None) -> str:
    """Set the payment aside; the caller commits. Returns "odd"."""
    if attempt is not None:
        attempts.move(attempt.id, "odd")
    raise_entry(
        "payment",
        subject=f"payment:{page.id}",
        reason=reason,
        what_to_do="Open the payment in Stripe. If it belongs to nobody, refund it there; if it is an order's, call the client.",
        key=f"odd:{page.id}",
        urgent=True,
    )
    return "odd"


def key_is_wrong() -> None:
    """Nobody can pay until a person has set the key right; asked for once a day. The caller commits."""
    raise_entry(
        "payment",
        subject="stripe",
        reason="Stripe does not accept our key, or the key may not do what the shop asks for.",
        what_to_do="Look at STRIPE_API_KEY: is it the newest, and may it write Checkout Sessions and refunds?",
        key=f"stripe-key:{clock.today()}",
        urgent=True,
    )
