"""The pages of signing in and registering, and who may use which page of the whole shop."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g

from shop.accounts import browser, rights
from shop.core.access import declare

bp = declare(Blueprint("accounts", __name__), "public")


@bp.before_request
def _private() -> None:
    g.private = True


@bp.after_request
def _say_nothing_of_the_address(response: Response) -> Response:
    """The addresses of mailed links open accounts: no other page may learn where a visitor came from."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def attach(app: Flask) -> None:
    """First of all domains: who asks is known before any other page's first query."""
    from shop.accounts import views  # noqa: F401 (fills the blueprint)

    browser.attach(app)
    rights.attach(app)
    app.register_blueprint(bp)
