"""How checkout joins the shop."""

from __future__ import annotations

from flask import Flask

from shop.checkout.doors import bp


def attach(app: Flask) -> None:
    app.register_blueprint(bp)
