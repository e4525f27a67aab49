"""How the bag joins the shop."""

from __future__ import annotations

from flask import Flask, has_request_context

from shop.bag.browser import shown_count
from shop.bag.views import bp


def attach(app: Flask) -> None:
    app.register_blueprint(bp)
    app.context_processor(lambda: {"bag_count": shown_count() if has_request_context() else 0})
