"""How intake joins the shop."""

from __future__ import annotations

from flask import Blueprint, Flask, g

from shop.core.access import declare

bp = declare(Blueprint("intake", __name__), "public")


@bp.before_request
def _private() -> None:
    g.private = True


def attach(app: Flask) -> None:
    from shop.intake import views  # noqa: F401 (fills the blueprint)

    app.register_blueprint(bp)
