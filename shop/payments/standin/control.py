"""The page of the control desk: what happened so far, with a button for everything that may happen next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast, get_args

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from shop.payments.standin.delivering import Order
from shop.payments.standin.desk import Fault
from shop.payments.standin.envelope import ApiError
from shop.payments.standin.page import desk, secured

control = Blueprint("control", __name__, url_prefix="/desk")


@control.get("")
def show() -> Response:
    return _page()


def _page(refusal: str = "") -> Response:
    shown = {kind: desk().all(kind)[-30:][::-1] for kind in ("checkout.session", "refund", "dispute", "payout", "event")}
    return secured(
        make_response(render_template("desk.html", refusal=refusal, **{k.replace(".", "_"): v for k, v in shown.items()}))
    )


@control.post("/<verb>")
def act(verb: str) -> BaseResponse:
    """One verb of the desk; `id` names what it is about. Browsers come back to the page, programs get JSON."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    verbs = _verbs(request.form.get("id", ""), request.form)
    if verb not in verbs:
        abort(404)
    try:
        answer = verbs[verb]()
    except ApiError as error:
        is_read = request.accept_mimetypes.accept_html
        return make_response(_page(str(error)) if is_read else jsonify(error.body), error.status)
    if request.accept_mimetypes.accept_html:
        return redirect("/desk", code=303)
    return jsonify(answer)


def _verbs(id: str, form: MultiDict[str, str]) -> dict[str, Callable[[], Any]]:
    at = desk()
    return {
        "settle-slow-ok": lambda: at.settle_slow(id, ok=True),
        "settle-slow-fail": lambda: at.settle_slow(id, ok=False),
        "expire": lambda: at.expire(id),
        "refund": lambda: at.refund_in_dashboard(id, amount=form.get("amount", type=int)),
        "refund-ok": lambda: at.settle_refund(id, ok=True),
        "refund-fail": lambda: at.settle_refund(id, ok=False),
        "refunds-wait": lambda: at.refunds_wait(form.get("on", "1") == "1"),
        "dispute": lambda: at.open_dispute(id, amount=form.get("amount", type=int)),
        "dispute-win": lambda: at.close_dispute(id, won=True),
        "dispute-lose": lambda: at.close_dispute(id, won=False),
        "payout": at.pay_out,
        "payout-fail": lambda: at.fail_payout(id),
        "warn": lambda: at.warn(id),
        "hold": at.hold,
        "release": lambda: at.release(order=_order(form.get("order", "written"))),
        "copies": lambda: at.send_copies(form.get("count", 2, type=int)),
        "drop": lambda: at.drop_next(form.get("count", 1, type=int)),
        "delay": lambda: at.delay(form.get("seconds", 0, type=int)),
        "send-again": lambda: at.send_again(id),
        "send-due": lambda: at.send_due(early=form.get("early") == "1"),
        "fail-next": lambda: at.fail_next(cast("Fault", form.get("kind", "")), times=form.get("times", 1, type=int)),
    }


def _order(word: str) -> Order:
    if word not in get_args(Order):
        abort(400)
    return cast("Order", word)
