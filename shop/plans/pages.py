"""How plans join the shop: pages for whoever holds a link or signs in as the plan's client."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g

from shop.core.access import declare

bp = declare(Blueprint("plans", __name__), "public")


@bp.before_request
def _private() -> None:
    g.private = True


@bp.after_request
def _say_nothing_of_the_address(response: Response) -> Response:
    """The address that came by e-mail opens a plan: no other page may learn it, and no search engine keeps it."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def attach(app: Flask) -> None:
    from shop.plans import views  # noqa: F401 (fills the blueprint)

    app.register_blueprint(bp)
