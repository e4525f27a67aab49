"""The drawn packshot as a file of its own, for search engines and whoever shows a product elsewhere."""

from __future__ import annotations

from flask import Response, render_template

from shop.catalog.finding import get_product
from shop.storefront.pages import bp


@bp.get("/products/<slug>/picture.svg")
def picture(slug: str) -> Response:
    product = get_product(slug)
    drawn = render_template("storefront/picture.svg", drawing=product.drawing, brand=product.brand.name, name=product.name)
    return Response(drawn, mimetype="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})
