"""How appointments join the shop: the client's own pages, and the signed addresses that work without a sign-in."""

from __future__ import annotations

from flask import Blueprint, Flask, g

from shop.core.access import declare

bp = declare(Blueprint("visits", __name__), "client")


@bp.before_request
def _private() -> None:
    g.private = True


def attach(app: Flask) -> None:
    from shop.visits import views  # noqa: F401 (fills the blueprint)

    app.register_blueprint(bp)
