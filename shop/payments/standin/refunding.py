"""Money on its way back in the stand-in: in parts, never above the charge, and able to fail days later."""

from __future__ import annotations

from shop.payments.standin.aftermath import refund_shape
from shop.payments.standin.balancing import book
from shop.payments.standin.envelope import ApiError, missing
from shop.payments.standin.paying import get_charge
from shop.payments.standin.recording import record
from shop.payments.standin.sessions import check_metadata
from shop.payments.standin.store import Json, Unit


def refund(unit: Unit, params: Json) -> Json:
    """Send money back on a charge; without an amount, all that is left. Raises ApiError above the ceiling."""
    check_metadata(params.get("metadata"))
    charge = _refundable(unit, params)
    left = charge["amount"] - charge["amount_refunded"]
    amount = params.get("amount", left)
    _check_amount(amount, left=left, charge=charge)
    is_card = charge["payment_method_details"]["type"] == "card"
    waits = unit.switch("refunds_wait", False) or not is_card
    body = refund_shape(charge, params, amount=amount, status="pending" if waits else "succeeded", now=unit.now)
    body["balance_transaction"] = book(unit, body, type="refund", category="refund", amount=-amount)["id"]
    unit.add(body, owner=body["payment_intent"])
    _count(unit, charge, by=amount)
    record(unit, "refund.created", body)
    record(unit, "charge.refunded", charge)
    return body


def settle_refund(unit: Unit, id: str, *, ok: bool) -> Json:
    """A pending refund arrives, or one comes back: a refund that had succeeded may still fail."""
    body = get_refund(unit, id)
    if body["status"] == "failed" or (ok and body["status"] == "succeeded"):
        raise ApiError(f"This refund is {body['status']}.")
    previous = {"status": body["status"]}
    if ok:
        body["status"] = "succeeded"
        unit.save(body)
        record(unit, "refund.updated", body, previous=previous)
        return body
    body |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    back = book(unit, body, type="refund_failure", category="refund_failure", amount=body["amount"])
    body["failure_balance_transaction"] = back["id"]
    unit.save(body)
    _count(unit, get_charge(unit, body["charge"]), by=-body["amount"])
    record(unit, "refund.updated", body, previous=previous)
    record(unit, "refund.failed", body)
    return body


def get_refund(unit: Unit, id: str) -> Json:
    """The refund. Raises ApiError when there is none."""
    body = unit.find("refund", id)
    if body is None:
        raise missing("refund", id)
    return body


def _refundable(unit: Unit, params: Json) -> Json:
    if "payment_intent" not in params and "charge" not in params:
        raise ApiError("Must provide `payment_intent` or `charge`.", code="parameter_missing")
    charge_id = params.get("charge")
    if "payment_intent" in params:
        intent = unit.find("payment_intent", params["payment_intent"])
        if intent is None:
            raise missing("payment_intent", params["payment_intent"], param="payment_intent")
        charge_id = intent["latest_charge"]
    charge = unit.find("charge", charge_id)
    if charge is None or charge["status"] != "succeeded":
        raise ApiError(
            "This PaymentIntent does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
        )
    if any(dispute["status"] != "won" for dispute in unit.all("dispute", owner=charge["payment_intent"])):
        raise ApiError(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    return charge


def _check_amount(amount: int, *, left: int, charge: Json) -> None:
    if left == 0:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount < 1:
        raise ApiError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise ApiError(
            f"Refund amount ({amount} {charge['currency']}) is greater than unrefunded amount on charge "
            f"({left} {charge['currency']})",
            param="amount",
        )


def _count(unit: Unit, charge: Json, *, by: int) -> None:
    charge["amount_refunded"] += by
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    unit.save(charge)
