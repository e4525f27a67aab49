"""How orders join the shop: pages for whoever owns an order, bought it in this browser or holds its signed link."""

from __future__ import annotations

from flask import Blueprint, Flask, g

from shop.core.access import declare

bp = declare(Blueprint("orders", __name__), "public")


@bp.before_request
def _private() -> None:
    g.private = True


def attach(app: Flask) -> None:
    from shop.orders import views  # noqa: F401 (fills the blueprint)

    app.register_blueprint(bp)
