"""How the catalogue joins the shop: its concerns stand in every menu, and old addresses lead to new ones."""

from __future__ import annotations

from flask import Flask, has_request_context

from shop.catalog import moved
from shop.catalog.menu import menu_concerns


def attach(app: Flask) -> None:
    moved.attach(app)
    app.context_processor(lambda: {"nav_concerns": menu_concerns() if has_request_context() else ()})
