"""A bank takes a payment back: opened, and later won or lost."""

from __future__ import annotations

from shop.payments.standin.aftermath import dispute_shape, warning_shape
from shop.payments.standin.balancing import DISPUTE_FEE, book
from shop.payments.standin.envelope import ApiError, missing
from shop.payments.standin.paying import get_charge
from shop.payments.standin.recording import record
from shop.payments.standin.store import Json, Unit


def open_dispute(unit: Unit, payment_intent: str, *, amount: int | None = None, reason: str = "general") -> Json:
    """The client's bank takes the money back until somebody decides."""
    charge = _charge_of(unit, payment_intent)
    if charge["disputed"]:
        raise ApiError("This charge is disputed already.")
    charge["disputed"] = True
    unit.save(charge)
    dispute = dispute_shape(charge, amount=amount or charge["amount"], reason=reason, now=unit.now)
    dispute["balance_transactions"] = [_taken(unit, dispute)]
    unit.add(dispute, owner=payment_intent)
    record(unit, "charge.dispute.created", dispute)
    record(unit, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(unit: Unit, id: str, *, won: bool) -> Json:
    """The dispute ends; a won one brings the money back."""
    dispute = unit.find("dispute", id)
    if dispute is None:
        raise missing("dispute", id, param="dispute")
    if dispute["status"] in ("won", "lost"):
        raise ApiError(f"This dispute is {dispute['status']}.")
    previous = {"status": dispute["status"]}
    dispute["status"] = "won" if won else "lost"
    if won:
        back = book(unit, dispute, type="adjustment", category="dispute_reversal", amount=dispute["amount"])
        dispute["balance_transactions"].append(back)
    unit.save(dispute)
    record(unit, "charge.dispute.updated", dispute, previous=previous)
    record(unit, "charge.dispute.closed", dispute)
    if won:
        record(unit, "charge.dispute.funds_reinstated", dispute)
    return dispute


def warn(unit: Unit, payment_intent: str) -> Json:
    """The bank says early that this payment was probably made by a thief."""
    warning = unit.add(warning_shape(_charge_of(unit, payment_intent), now=unit.now), owner=payment_intent)
    record(unit, "radar.early_fraud_warning.created", warning)
    return warning


def _charge_of(unit: Unit, payment_intent: str) -> Json:
    intent = unit.find("payment_intent", payment_intent)
    if intent is None:
        raise missing("payment_intent", payment_intent)
    charge = get_charge(unit, intent["latest_charge"])
    if charge["status"] != "succeeded":
        raise ApiError("Only a payment that came in can be disputed.")
    return charge


def _taken(unit: Unit, dispute: Json) -> Json:
    amount, category = -dispute["amount"], "dispute"
    return book(unit, dispute, type="adjustment", category=category, amount=amount, fee=DISPUTE_FEE)
