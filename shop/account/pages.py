"""The client's own pages: whoever asks sees what is theirs, and another person's is not there."""

from __future__ import annotations

from flask import Blueprint, Flask, g

from shop.core.access import declare

bp = declare(Blueprint("account", __name__, url_prefix="/account"), "client")


@bp.before_request
def _private() -> None:
    g.private = True


def attach(app: Flask) -> None:
    from shop.account import views  # noqa: F401 (fills the blueprint)

    app.register_blueprint(bp)
