"""The part of Stripe's HTTP interface that the shop uses, answered from the stand-in's own file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, g, request

from shop.payments.standin import refunding, sessions
from shop.payments.standin.envelope import ApiError, missing, unfold
from shop.payments.standin.listing import page
from shop.payments.standin.recording import api_version, new_request_id
from shop.payments.standin.replaying import remember, remembered
from shop.payments.standin.store import Json, Store, Unit, without
from shop.payments.standin.unfolding import expanded
from shop.payments.standin.validating import checked

api = Blueprint("api", __name__, url_prefix="/v1")

KEY = re.compile(r"sk_test_standin_\w+", re.ASCII)
# The SDK's type of parameters for each call, by module and name.
_PARAMS = {
    "create_session": ("checkout._session_create_params", "SessionCreateParams"),
    "list_sessions": ("checkout._session_list_params", "SessionListParams"),
    "get_session": ("checkout._session_retrieve_params", "SessionRetrieveParams"),
    "expire_session": ("checkout._session_expire_params", "SessionExpireParams"),
    "list_line_items": ("checkout._session_list_line_items_params", "SessionListLineItemsParams"),
    "get_payment_intent": ("_payment_intent_retrieve_params", "PaymentIntentRetrieveParams"),
    "list_payment_intents": ("_payment_intent_list_params", "PaymentIntentListParams"),
    "get_charge": ("_charge_retrieve_params", "ChargeRetrieveParams"),
    "list_charges": ("_charge_list_params", "ChargeListParams"),
    "create_refund": ("_refund_create_params", "RefundCreateParams"),
    "get_refund": ("_refund_retrieve_params", "RefundRetrieveParams"),
    "list_refunds": ("_refund_list_params", "RefundListParams"),
    "get_dispute": ("_dispute_retrieve_params", "DisputeRetrieveParams"),
    "list_disputes": ("_dispute_list_params", "DisputeListParams"),
    "get_payout": ("_payout_retrieve_params", "PayoutRetrieveParams"),
    "list_payouts": ("_payout_list_params", "PayoutListParams"),
    "get_balance_transaction": ("_balance_transaction_retrieve_params", "BalanceTransactionRetrieveParams"),
    "list_balance_transactions": ("_balance_transaction_list_params", "BalanceTransactionListParams"),
    "get_event": ("_event_retrieve_params", "EventRetrieveParams"),
    "list_events": ("_event_list_params", "EventListParams"),
}


@api.before_request
def authenticate() -> None:
    """Only the stand-in's own keys, only the version that the SDK speaks."""
    g.request_id = new_request_id()
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        raise ApiError("You did not provide an API key.", status=401)
    if not KEY.fullmatch(key):
        raise ApiError(f"Invalid API Key provided: {key[:8]}****. The stand-in takes sk_test_standin_… only.", status=401)
    version = request.headers.get("Stripe-Version")
    if version and version != api_version():
        raise ApiError(f"The stand-in speaks version {api_version()}, not {version}.")


@api.post("/checkout/sessions")
def create_session() -> Response:
    return _write(lambda unit, params: sessions.open_session(unit, params, base_url=_base_url()))


@api.get("/checkout/sessions")
def list_sessions() -> Response:
    return _read(lambda unit, params: page(unit, "checkout.session", params, url="/v1/checkout/sessions"))


@api.get("/checkout/sessions/<id>")
def get_session(id: str) -> Response:
    return _read(lambda unit, params: sessions.get_session(unit, id))


@api.get("/checkout/sessions/<id>/line_items")
def list_line_items(id: str) -> Response:
    return _read(lambda unit, params: sessions.get_session(unit, id)["line_items"])


@api.post("/checkout/sessions/<id>/expire")
def expire_session(id: str) -> Response:
    return _write(lambda unit, params: sessions.expire(unit, id))


@api.post("/refunds")
def create_refund() -> Response:
    return _write(refunding.refund)


@api.get("/refunds")
def list_refunds() -> Response:
    return _read(lambda unit, params: page(unit, "refund", params, url="/v1/refunds"))


@api.get("/refunds/<id>")
def get_refund(id: str) -> Response:
    return _read(lambda unit, params: refunding.get_refund(unit, id))


@api.get("/payment_intents")
def list_payment_intents() -> Response:
    return _read(lambda unit, params: page(unit, "payment_intent", params, url="/v1/payment_intents"))


@api.get("/payment_intents/<id>")
def get_payment_intent(id: str) -> Response:
    return _read(lambda unit, params: _found(unit, "payment_intent", id))


@api.get("/charges")
def list_charges() -> Response:
    return _read(lambda unit, params: page(unit, "charge", params, url="/v1/charges"))


@api.get("/charges/<id>")
def get_charge(id: str) -> Response:
    return _read(lambda unit, params: _found(unit, "charge", id))


@api.get("/disputes")
def list_disputes() -> Response:
    return _read(lambda unit, params: page(unit, "dispute", params, url="/v1/disputes"))


@api.get("/disputes/<id>")
def get_dispute(id: str) -> Response:
    return _read(lambda unit, params: _found(unit, "dispute", id))


@api.get("/payouts")
def list_payouts() -> Response:
    return _read(lambda unit, params: page(unit, "payout", params, url="/v1/payouts"))


@api.get("/payouts/<id>")
def get_payout(id: str) -> Response:
    return _read(lambda unit, params: _found(unit, "payout", id))


@api.get("/balance_transactions")
def list_balance_transactions() -> Response:
    return _read(lambda unit, params: page(unit, "balance_transaction", params, url="/v1/balance_transactions"))


@api.get("/balance_transactions/<id>")
def get_balance_transaction(id: str) -> Response:
    return _read(lambda unit, params: _found(unit, "balance_transaction", id))


@api.get("/events")
def list_events() -> Response:
    return _read(lambda unit, params: page(unit, "event", params, url="/v1/events"))


@api.get("/events/<id>")
def get_event(id: str) -> Response:
    return _read(lambda unit, params: _found(unit, "event", id))


@api.route("/<path:anything>", methods=["GET", "POST", "DELETE"])
def unknown(anything: str) -> Response:
    raise ApiError(f"Unrecognized request URL ({request.method}: /v1/{anything}).", status=404)


@api.errorhandler(ApiError)
def refuse(error: ApiError) -> Response:
    return _answer(error.body, status=error.status, headers=error.headers)


def _read(act: Callable[[Unit, Json], Json]) -> Response:
    with _store().unit() as unit:
        params = _checked(request.args.items(multi=True))
        return _answer(expanded(unit, act(unit, params), params.get("expand", [])))


def _write(act: Callable[[Unit, Json], Json]) -> Response:
    """Do it once per idempotency key; the same key again gets the same answer, even an error of Stripe's."""
    fields = list(request.form.items(multi=True))
    with _store().unit() as unit:
        unit.request_id, unit.idempotency_key = g.request_id, request.headers.get("Idempotency-Key")
        earlier = remembered(unit, path=request.path, fields=fields)
        if earlier:
            return _answer(json.loads(earlier["body"]), status=earlier["status"], headers=_replay(earlier))
        if g.get("fault") == "500":
            body = ApiError("Something went wrong on Stripe's end.", type="api_error").body
            remember(unit, path=request.path, fields=fields, status=500, body=body)
            return _answer(body, status=500, headers={"Stripe-Should-Retry": "false"})
        params = _checked(fields)
        body = without(expanded(unit, act(unit, params), params.get("expand", [])), "_intent_data")
        remember(unit, path=request.path, fields=fields, status=200, body=body)
        return _answer(body)


def _checked(fields: Any) -> Json:
    module, name = _PARAMS[request.endpoint.rpartition(".")[2]]  # type: ignore[union-attr]
    return checked(unfold(fields), module=module, name=name)


def _answer(body: Json, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    response = Response(json.dumps(body, indent=2), status=status, mimetype="application/json")
    response.headers["Request-Id"] = g.request_id
    response.headers["Stripe-Version"] = api_version()
    if request.headers.get("Idempotency-Key"):
        response.headers["Idempotency-Key"] = request.headers["Idempotency-Key"]
    response.headers.update(headers or {})
    return response


def _replay(earlier: Any) -> dict[str, str]:
    return {"Idempotent-Replayed": "true", "Original-Request": earlier["request_id"]}


def _found(unit: Unit, kind: str, id: str) -> Json:
    body = unit.find(kind, id)
    if body is None:
        raise missing(kind, id)
    return body


def _store() -> Store:
    store: Store = current_app.config["STORE"]
    return store


def _base_url() -> str:
    return str(current_app.config["PUBLIC_URL"] or request.host_url).rstrip("/")
