"""What every answer has in common: who may frame it, what it may load, how an error looks, and no half-read body."""

from __future__ import annotations

from functools import lru_cache
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import BadRequest, HTTPException, LengthRequired
from werkzeug.middleware.proxy_fix import ProxyFix

from shop.core import asking, signing
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.logs import logger
from shop.core.routing import RowNumber, ShopRule

csrf = CSRFProtect()
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BODY_BYTES = 2 * 1024 * 1024
PAGES = {400, 403, 404, 405, 409, 410, 411, 413, 415, 422, 429, 500, 503}
STRIPE_PAGE = "https://checkout.stripe.com"


def attach(app: Flask) -> None:
    """Order matters: whether a request may write is known before its first query."""
    shop = app.config["SHOP"]
    app.config.update(
        SECRET_KEY=shop.secret_key,
        SECRET_KEY_FALLBACKS=list(shop.secret_key_fallbacks),
        SESSION_COOKIE_NAME="__Host-shop" if shop.is_https else "shop",
        SESSION_COOKIE_SECURE=shop.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",  # Strict would be lost on the way back from Stripe
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=60 * 60 * 24 * 30,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=500,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        TRUSTED_HOSTS=None if not shop.is_production else [urlsplit(shop.site_url).hostname],
    )
    app.ensure_sync = _as_it_is  # type: ignore[method-assign,assignment]
    if shop.trusted_proxies:
        hops = shop.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.url_rule_class = ShopRule
    app.request_class = asking.Asked
    app.url_map.converters["int"] = RowNumber
    app.before_request(_choose_engine)
    app.before_request(_refuse_null)
    app.before_request(_refuse_unmeasured_body)
    app.before_request(_refuse_foreign_origin)
    csrf.init_app(app)
    signing.attach(app)
    app.after_request(_headers)
    app.register_error_handler(ShopError, _shop_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(Exception, _broken)


def _as_it_is(view: Any) -> Any:
    """No view here is a coroutine; Flask would look at each hook of each request to find that out."""
    return view


def csp_nonce() -> str:
    """One nonce per answer, for the few inline blocks that cannot be files."""
    if "csp_nonce" not in g:
        g.csp_nonce = token_urlsafe(16)
    return g.csp_nonce


def site_path(target: str | None, *, otherwise: str = "/") -> str:
    """A path inside this site that is fit to be redirected to, or `otherwise`."""
    if not target or not target.startswith("/") or any(ord(c) < 33 or c == "\\" for c in target):
        return otherwise
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or target.startswith("//"):
        return otherwise
    return target


def wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def error_page(status: int, sentence: str | None = None) -> Any:
    """The page for an error, or the same as JSON; the reference is the request's id."""
    reference = g.get("request_id", "-")
    if wants_json():
        return jsonify(error=sentence or "", reference=reference), status
    template = f"errors/{status if status in PAGES else 400 if status < 500 else 500}.html"
    return render_template(template, sentence=sentence, reference=reference), status


def _choose_engine() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    g.reads_only = request.method in SAFE_METHODS and not getattr(view, "writes", False)


def _refuse_null() -> None:
    """No page's address holds a null character, and PostgreSQL cannot even be asked for one."""
    if "\0" in request.path or b"%00" in request.query_string:
        raise BadRequest


def _refuse_unmeasured_body() -> None:
    """A chunked body over the limit would be cut silently, so a body must say its length."""
    if request.method not in SAFE_METHODS and request.headers.get("Transfer-Encoding"):
        raise LengthRequired


def _refuse_foreign_origin() -> None:
    """A browser names the site a form was sent from; another site's form is refused even with a token of ours."""
    origin = request.headers.get("Origin")
    if request.method in SAFE_METHODS or origin is None:
        return
    if origin not in (_origin(request.host_url), _origin(current_app.config["SHOP"].site_url)):
        raise CSRFError(f"a form from {origin[:80]!r}")


ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
)
OVER_HTTPS = (("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),)


def _headers(response: Response) -> Response:
    headers, shop = response.headers, current_app.config["SHOP"]
    for name, value in (*ALWAYS, *OVER_HTTPS) if shop.is_https else ALWAYS:
        headers.add(name, value)
    if "Content-Security-Policy" not in headers:
        headers.add("Content-Security-Policy", _policy(shop.stripe_api_base, g.get("csp_nonce")))
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if request.method not in SAFE_METHODS or g.get("private"):
        headers["Cache-Control"] = "no-store"
    elif response.mimetype == "text/html":
        headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _policy(stripe_base: str | None, nonce: str | None) -> str:
    before, after = _policy_around(stripe_base)
    own = f" 'nonce-{nonce}'" if nonce else ""
    return f"{before}script-src 'self'{own}; style-src 'self'{own}; {after}"


@lru_cache(maxsize=4)
def _policy_around(stripe_base: str | None) -> tuple[str, str]:
    """What stands before and after the two parts that name this answer's nonce."""
    pay = f" {_origin(stripe_base)}" if stripe_base else ""
    return "default-src 'none'; ", (
        f"img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; media-src 'self'; "
        f"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' {STRIPE_PAGE}{pay}"
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _shop_error(error: ShopError) -> Any:
    db.session.rollback()
    return error_page(error.status, error.sentence)


def _csrf_error(error: CSRFError) -> Any:
    return error_page(400, "This page was open too long or in two places. Nothing was changed; please try again.")


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error.get_response()
    body, status = error_page(error.code)
    response = current_app.make_response((body, status))
    for name in ("Allow", "Retry-After"):
        for key, value in error.get_headers():
            if key == name:
                response.headers[name] = value
    return response


def _database_away(error: OperationalError) -> Any:
    logger.exception("database unavailable")
    db.session.rollback()
    body, status = error_page(503, "We could not save that just now. Nothing was charged; please try again.")
    return body, status, {"Retry-After": "5"}


def _broken(error: Exception) -> Any:
    logger.exception("unexpected error")
    db.session.rollback()
    return error_page(500)
