"""The pay page that people see: order lines, a banner that no money moves, four buttons and no card fields."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from shop.core.money import money
from shop.payments.standin import sessions
from shop.payments.standin.desk import Desk
from shop.payments.standin.envelope import ApiError
from shop.payments.standin.store import Json

pages = Blueprint("pages", __name__)

_BASE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"


@pages.get("/c/pay/<id>")
def show(id: str) -> Response:
    session, intent = _load(id)
    return _page("pay.html", session=session, declined=_declined(intent))


@pages.post("/c/pay/<id>")
def act(id: str) -> BaseResponse:
    _refuse_foreign_forms()
    verbs = {"pay": desk().pay, "decline": desk().decline, "slow": desk().pay_slowly}
    verb = verbs.get(request.form.get("action", ""))
    if verb is None:
        abort(400)
    try:
        session = verb(id)
    except ApiError as error:
        if error.status == 404:
            abort(404)
        return redirect(request.path, code=303)
    if session["status"] != "complete":
        return redirect(request.path, code=303)
    return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", id), code=303)


@pages.get("/healthz")
def healthz() -> str:
    return "ok"


@pages.app_template_global()
def amount(minor: int, currency: str) -> str:
    """An amount as people read it."""
    return money(minor, currency.upper())


def desk() -> Desk:
    found: Desk = current_app.extensions["desk"]
    return found


def secured(response: Response, *, form_targets: str = "") -> Response:
    """The headers of every page here; a form may lead on to the shop, and nowhere else."""
    response.headers["Content-Security-Policy"] = f"{_BASE_POLICY}; form-action 'self' {form_targets}".strip()
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _load(id: str) -> tuple[Json, Json | None]:
    with current_app.config["STORE"].unit() as unit:
        try:
            session = sessions.get_session(unit, id)
        except ApiError:
            abort(404)
        return session, unit.find("payment_intent", session["payment_intent"])


def _declined(intent: Json | None) -> str | None:
    error = intent and intent["last_payment_error"]
    return error["message"] if error else None


def _page(template: str, *, session: Json, **context: Any) -> Response:
    back = session["cancel_url"] or session["success_url"]
    shop = urlsplit(session["success_url"])
    response = make_response(render_template(template, session=session, back=back, **context))
    return secured(response, form_targets=f"{shop.scheme}://{shop.netloc}")


def _refuse_foreign_forms() -> None:
    """A button pressed on somebody else's page is not the person's wish."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
