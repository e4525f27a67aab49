"""Cards and packshots, drawn once for the same words and colours however many pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from shop.catalog.cards import Card
from shop.core.drawing import drawn, macro


def attach(app: Flask) -> None:
    app.jinja_env.globals.update(card_html=card_html, packshot_html=packshot_html, packshot_sprite=packshot_sprite)


def card_html(card: Card, level: int = 3) -> Markup:
    """A product in a list."""
    return drawn("card", (level, card.key), lambda: macro("ui/product_card.html", "product_card")(card, level))


def packshot_sprite() -> Markup:
    """The nine shapes that packshots are drawn from; a page with packshots has it once."""
    return drawn("sprite", None, lambda: Markup(current_app.jinja_env.get_template("ui/_packshots.html").render()))  # noqa: S704 (our own file)


def packshot_html(drawing: Mapping[str, Any], brand: str, name: str, size: str = "", described: bool = False) -> Markup:
    """The drawn packshot of a product."""
    key = (*drawing.values(), brand, name, size, described)
    return drawn("packshot", key, lambda: macro("ui/packshot.html", "packshot")(drawing, brand, name, size, described))
