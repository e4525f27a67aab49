"""What machines ask for: the map of the site, and what they may read of it."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template
from sqlalchemy import Text, literal, select, union_all

from shop.catalog.models import Brand, Concern, Package, Product, TeamMember, Treatment
from shop.core.db import db
from shop.core.texts import LEGAL_PAGES
from shop.storefront.pages import bp
from shop.storefront.structured import address

FIXED = ("/", "/concerns", "/products", "/ask", "/guide", "/consultation", "/team", "/contact")
MOST_ADDRESSES = 50_000  # a sitemap holds no more
CLOSED = ("/admin", "/account", "/bag", "/checkout", "/orders", "/screening", "/plan", "/search", "/calendar")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    fixed = [*FIXED, *(f"/legal/{kind}" for kind in LEGAL_PAGES)]
    addresses = [address(path) for path in [*fixed, *db.session.scalars(_paths())]]
    return Response(render_template("storefront/sitemap.xml", addresses=addresses), mimetype="application/xml")


@bp.get("/robots.txt")
def robots() -> Response:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), f"Sitemap: {address('/sitemap.xml')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


def _paths() -> Any:
    parts = [
        _part("/concerns/", Concern),
        _part("/treatments/", Treatment),
        _part("/team/", TeamMember),
        _part("/brands/", Brand),
    ]
    parts.append(_part("/packages/", Package).where(Package.state == "live"))
    parts.append(_part("/products/", Product).where(Product.state == "live"))
    return union_all(*parts).limit(MOST_ADDRESSES - len(FIXED) - len(LEGAL_PAGES))


def _part(path: str, model: Any) -> Any:
    return select(literal(path, Text).concat(model.slug))
