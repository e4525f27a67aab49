"""The pages that anybody may read; a browser may keep them, but asks each time whether they still hold."""

from __future__ import annotations

from flask import Blueprint, Flask

from shop.core.access import declare
from shop.storefront import drawn_cards

bp = declare(Blueprint("storefront", __name__), "public")


def attach(app: Flask) -> None:
    from shop.storefront import views  # noqa: F401 (fills the blueprint)

    app.register_blueprint(bp)
    drawn_cards.attach(app)
