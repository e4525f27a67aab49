"""How Stripe fails when it fails: its own error answers, and connections that break."""

from __future__ import annotations

import json

from flask import Response

from shop.payments.standin.envelope import ApiError
from shop.payments.standin.recording import new_request_id

_ANSWERS = {
    "503": ApiError("Stripe is briefly not available.", status=503, type="api_error"),
    "409": ApiError(
        "There is currently another in-progress request using this Idempotency-Key.",
        status=409,
        type="invalid_request_error",
        code="idempotency_key_in_use",
    ),
    "403": ApiError(
        "The provided key does not have the permissions for this request.", status=403, type="invalid_request_error"
    ),
    "429": ApiError("Too many requests hit the API too quickly.", status=429, code="rate_limit"),
}


def answer_of(fault: str | None) -> Response | None:
    """The answer that takes the place of the work, or None when the work is done all the same."""
    if fault == "reset":
        # Announces more than it sends, so that the connection breaks off in the middle.
        return Response(b"{", headers={"Content-Length": "4096"}, mimetype="application/json")
    if fault not in _ANSWERS:
        return None
    error = _ANSWERS[fault]
    response = Response(json.dumps(error.body), status=error.status, mimetype="application/json")
    response.headers["Request-Id"] = new_request_id()
    return response
