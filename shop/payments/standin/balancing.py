"""The account's balance: every charge, refund and dispute is a transaction with its fee, and payouts send the sum to a bank."""

from __future__ import annotations

from shop.payments.standin.envelope import ApiError, missing
from shop.payments.standin.recording import record
from shop.payments.standin.store import Json, Unit, new_id

DISPUTE_FEE = 2000
PAID_OUT_BY = "_payout"  # the stand-in's own mark; Stripe lists by payout and shows no such field
_DAY = 86400


def book(unit: Unit, source: Json, *, type: str, category: str, amount: int, fee: int = 0) -> Json:
    """Write one balance transaction about an object; `amount` is below nothing for money that leaves."""
    details = [{"amount": fee, "application": None, "currency": source["currency"], "description": "Stripe processing fees",
                "type": "stripe_fee"}]  # fmt: skip
    body: Json = {
        "id": new_id("txn_"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": unit.now,
        "balance_type": "payments",
        "created": unit.now,
        "currency": source["currency"],
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": details if fee else [],
        "net": amount - fee,
        "reporting_category": category,
        "source": source["id"],
        "status": "available",
        "type": type,
    }
    return dict(unit.add(body, owner=source["id"]))


def fee_of(charge: Json) -> int:
    """1.5 % and 20 of the smallest unit for a card, 1 % for a bank, to the whole unit."""
    if charge["payment_method_details"]["type"] == "card":
        return int((charge["amount"] * 15 + 500) // 1000 + 20)
    return int((charge["amount"] + 50) // 100)


def pay_out(unit: Unit) -> Json:
    """Everything that is not on its way yet goes to the bank in one sum. Raises ApiError when nothing is left over."""
    waiting = [one for one in unit.all("balance_transaction") if PAID_OUT_BY not in one]
    currency = waiting[0]["currency"] if waiting else ""
    waiting = [one for one in waiting if one["currency"] == currency]
    amount = sum(one["net"] for one in waiting)
    if amount <= 0:
        raise ApiError("You have insufficient funds in your Stripe account.", code="balance_insufficient")
    body = _payout_shape(amount, currency, now=unit.now)
    for one in waiting:
        unit.save(one | {PAID_OUT_BY: body["id"]})
    own = book(unit, body, type="payout", category="payout", amount=-amount)
    unit.save(own | {PAID_OUT_BY: body["id"]})
    body["balance_transaction"] = own["id"]
    unit.add(body)
    record(unit, "payout.created", body)
    record(unit, "payout.paid", body)
    return body


def fail_payout(unit: Unit, id: str) -> Json:
    """The bank sends it back; the sum is on the account again and goes out with the next payout."""
    body = get_payout(unit, id)
    if body["status"] == "failed":
        raise ApiError("This payout is failed.")
    previous = {"status": body["status"]}
    back = book(unit, body, type="payout_failure", category="payout_reversal", amount=body["amount"])
    body |= {
        "status": "failed",
        "failure_balance_transaction": back["id"],
        "failure_code": "account_closed",
        "failure_message": "The bank account has been closed.",
    }
    unit.save(body)
    record(unit, "payout.updated", body, previous=previous)
    record(unit, "payout.failed", body)
    return body


def get_payout(unit: Unit, id: str) -> Json:
    """The payout. Raises ApiError when there is none."""
    body = unit.find("payout", id)
    if body is None:
        raise missing("payout", id)
    return body


def _payout_shape(amount: int, currency: str, *, now: int) -> Json:
    return {
        "id": new_id("po_"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": now - now % _DAY + _DAY,
        "automatic": True,
        "balance_transaction": None,
        "created": now,
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": new_id("ba_"),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "paid",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }
