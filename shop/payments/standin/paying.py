"""What the buttons of the pay page do: pay at once, be declined, or pay by a bank that answers days later."""

from __future__ import annotations

from shop.payments.standin.balancing import book, fee_of
from shop.payments.standin.envelope import ApiError, missing
from shop.payments.standin.recording import record
from shop.payments.standin.sessions import get_session
from shop.payments.standin.shapes import charge_shape, intent_shape
from shop.payments.standin.store import Json, Unit

CARD: Json = {
    "type": "card",
    "card": {
        "amount_authorized": None, "authorization_code": None, "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "GB", "exp_month": 12, "exp_year": 2034, "extended_authorization": {"status": "disabled"},
        "fingerprint": "standin0standin0", "funding": "credit",
        "incremental_authorization": {"status": "unavailable"}, "installments": None, "last4": "4242",
        "mandate": None, "multicapture": {"status": "unavailable"}, "network": "visa",
        "network_token": {"used": False}, "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": 0, "status": "unavailable"},
        "regulated_status": "unregulated", "three_d_secure": None, "transaction_link_id": None, "wallet": None,
    },
}  # fmt: skip
SLOW_BANK: Json = {
    "type": "bacs_debit",
    "bacs_debit": {"expected_debit_date": None, "fingerprint": "standin1standin1", "last4": "2345",
                   "mandate": None, "sort_code": "108800"},
}  # fmt: skip
_DECLINED = "Your card was declined."
_BOUNCED = "The customer's bank account could not be debited."


def pay(unit: Unit, session_id: str) -> Json:
    """The card is good: the Session is complete and paid."""
    session, intent = _begin(unit, session_id)
    _take(unit, intent, _charge(unit, intent, method=CARD, status="succeeded"))
    _complete(unit, session, payment_status="paid")
    record(unit, "checkout.session.completed", session)
    return session


def decline(unit: Unit, session_id: str) -> Json:
    """The card is refused: the Session stays open, and the person may try again."""
    session, intent = _begin(unit, session_id)
    charge = _charge(unit, intent, method=CARD, status="failed")
    _fail(unit, intent, charge, code="card_declined", message=_DECLINED)
    return session


def pay_slowly(unit: Unit, session_id: str) -> Json:
    """The person authorised a bank debit: the Session is complete, the money is not there yet."""
    session, intent = _begin(unit, session_id)
    charge = _charge(unit, intent, method=SLOW_BANK, status="pending")
    intent |= {"status": "processing", "latest_charge": charge["id"], "payment_method_types": ["bacs_debit"]}
    unit.save(intent)
    session["payment_method_types"] = ["card", "bacs_debit"]
    _complete(unit, session, payment_status="unpaid")
    record(unit, "payment_intent.processing", intent)
    record(unit, "checkout.session.completed", session)
    return session


def settle_slow(unit: Unit, session_id: str, *, ok: bool) -> Json:
    """The slow bank answers. Raises ApiError unless its payment is still on the way."""
    session = get_session(unit, session_id)
    intent = unit.find("payment_intent", session["payment_intent"])
    if intent is None or intent["status"] != "processing":
        raise ApiError("No bank payment is on its way for this Checkout Session.")
    charge = get_charge(unit, intent["latest_charge"])
    if not ok:
        charge |= {"status": "failed", "paid": False}
        _fail(unit, intent, charge, code="debit_not_authorized", message=_BOUNCED)
        record(unit, "checkout.session.async_payment_failed", session)
        return session
    charge |= {"status": "succeeded", "paid": True, "captured": True, "amount_captured": charge["amount"]}
    _take(unit, intent, charge)
    session["payment_status"] = "paid"
    unit.save(session)
    record(unit, "checkout.session.async_payment_succeeded", session)
    return session


def get_charge(unit: Unit, id: str | None) -> Json:
    """The charge. Raises ApiError when there is none."""
    charge = unit.find("charge", id)
    if charge is None:
        raise missing("charge", id)
    return charge


def _begin(unit: Unit, session_id: str) -> tuple[Json, Json]:
    """The open Session and its intent, made when somebody first tries to pay."""
    session = get_session(unit, session_id)
    if session["status"] != "open":
        raise ApiError(f"This Checkout Session is {session['status']}.", code="checkout_session_not_open")
    intent = unit.find("payment_intent", session["payment_intent"])
    if intent is None:
        intent = intent_shape(session, session["_intent_data"], now=unit.now)
        unit.add(intent, owner=session["id"])
        session["payment_intent"] = intent["id"]
        unit.save(session)
        record(unit, "payment_intent.created", intent)
    return session, intent


def _charge(unit: Unit, intent: Json, *, method: Json, status: str) -> Json:
    charge = charge_shape(intent, method=method, status=status, now=unit.now)
    return unit.add(charge, owner=intent["id"])


def _take(unit: Unit, intent: Json, charge: Json) -> None:
    charge["outcome"] = {
        "advice_code": None, "network_advice_code": None, "network_decline_code": None,
        "network_status": "approved_by_network", "reason": None, "risk_level": "normal",
        "seller_message": "Payment complete.", "type": "authorized",
    }  # fmt: skip
    taken = book(unit, charge, type="charge", category="charge", amount=charge["amount"], fee=fee_of(charge))
    charge["balance_transaction"] = taken["id"]
    unit.save(charge)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "payment_method": charge["payment_method"],
        "last_payment_error": None,
    }
    unit.save(intent)
    record(unit, "charge.succeeded", charge)
    record(unit, "payment_intent.succeeded", intent)


def _fail(unit: Unit, intent: Json, charge: Json, *, code: str, message: str) -> None:
    charge |= {"failure_code": code, "failure_message": message}
    unit.save(charge)
    intent |= {
        "status": "requires_payment_method",
        "latest_charge": charge["id"],
        "last_payment_error": {"charge": charge["id"], "code": code, "message": message, "type": "card_error"},
    }
    unit.save(intent)
    record(unit, "charge.failed", charge)
    record(unit, "payment_intent.payment_failed", intent)


def _complete(unit: Unit, session: Json, *, payment_status: str) -> None:
    session |= {"status": "complete", "payment_status": payment_status, "url": None}
    unit.save(session)
