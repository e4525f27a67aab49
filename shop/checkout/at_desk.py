"""An order paid at the desk: cash, terminal and bank transfer stand beside each other and add up to its total, to the penny."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shop.checkout.finishing import finish
from shop.core.errors import Conflict, Refused
from shop.core.money import money
from shop.orders import placing
from shop.orders.models import Order
from shop.payments import attempts, ledger

TENDERS = ("cash", "terminal", "bank")
Taken = list[tuple[str, int]]


def shared(
    due_minor: int, *, currency: str, cash_minor: int = 0, terminal_minor: int = 0, bank_minor: int = 0
) -> tuple[Taken, int]:
    """What is kept of each means, and the change: cash may be more than is due, the others may not. Raises Refused."""
    others = terminal_minor + bank_minor
    missing = due_minor - others - cash_minor
    if missing > 0:
        raise Refused(f"{money(missing, currency)} are still missing.", field="cash")
    if others > due_minor:
        raise Refused(f"{money(others - due_minor, currency)} too much: only cash gives change.", field="terminal")
    kept = [("cash", due_minor - others), ("terminal", terminal_minor), ("bank", bank_minor)]
    return [pair for pair in kept if pair[1]], -missing


def settle_at_desk(
    order: Order, tenders: Sequence[tuple[str, int]], *, by: str, notes: Mapping[str, str] | None = None
) -> None:
    """Write down what came in and place the order. Raises Refused when it is not exactly what is due, Conflict when done.

    `notes` are a terminal's or a bank's own references, by tender.

    A payment page that was opened for it is given up: money that arrives there later goes back by itself.
    """
    if any(tender not in TENDERS or minor < 1 for tender, minor in tenders):
        raise Refused("Say what was paid in cash, by terminal or by bank transfer.")
    paid = sum(minor for _, minor in tenders)
    if paid != order.due_minor:
        raise Refused(f"{money(order.due_minor, order.currency)} are due, not {money(paid, order.currency)}.")
    placed = placing.place(order.number, amount_minor=paid, currency=order.currency)
    if placed is None:
        raise Conflict("This order is not waiting for its payment any more.")
    for number, (tender, minor) in enumerate(tenders, start=1):
        reference = f"{tender}:{order.number}:{number}"
        facts: dict[str, Any] = {"order_number": order.number, "amount_minor": minor, "currency": order.currency}
        ledger.write_down(
            "captured",
            **facts,
            reference=f"captured:{reference}",
            tender=tender,
            payment_intent=reference,
            by=by,
            note=(notes or {}).get(tender) or None,
        )
    attempt = attempts.newest_of(order.number)
    if attempt is not None:
        attempts.move(attempt.id, "expired")
    finish(placed)
