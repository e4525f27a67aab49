"""Structured data for search engines; it names cosmetic labels, never the word of a medical condition."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup

from shop.core.money import exponent
from shop.core.templating import clinic
from shop.storefront.product_reading import Size

SCHEMA = "https://schema.org"
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def written(*blocks: dict[str, Any]) -> Markup:
    """For a script element of a page: no sign in it can end the element."""
    text = _write(blocks if len(blocks) > 1 else blocks[0])
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return Markup(text)  # noqa: S704 (JSON without a sign that HTML minds)


def clinic_data() -> dict[str, Any]:
    """The clinic as a local business."""
    about = clinic()
    return {
        "@context": SCHEMA,
        "@type": "LocalBusiness",
        "name": about.name,
        "legalName": about.legal_name,
        "url": address("/"),
        "telephone": about.phone_link.removeprefix("tel:"),
        "email": about.email,
        "address": ", ".join(about.address),
        "openingHours": [f"{days}: {times}" for days, times in about.hours],
    }


def product_data(product: Any, slug: str, sizes: Sequence[Size], *, currency: str) -> dict[str, Any]:
    """A product with an offer for each size; one that is shown on advice only has none."""
    picture = product.drawing.get("picture")
    said: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Product",
        "name": product.name,
        "description": product.blurb,
        "url": address(f"/products/{slug}"),
        "image": address(f"/media/{picture}-share.jpg" if picture else f"/products/{slug}/picture.svg"),
        "brand": {"@type": "Brand", "name": product.brand_name},
    }
    if not product.gated and sizes:
        said["sku"] = sizes[0].sku
        said["offers"] = [_offer(slug, size, currency) for size in sizes]
    return said


def trail_data(*steps: tuple[str, str]) -> dict[str, Any]:
    """The way to this page: (words, path) from the top."""
    items = [
        {"@type": "ListItem", "position": place, "name": words, "item": address(path)}
        for place, (words, path) in enumerate(steps, start=1)
    ]
    return {"@context": SCHEMA, "@type": "BreadcrumbList", "itemListElement": items}


def address(path: str) -> str:
    site: str = current_app.config["SHOP"].site_url
    return site + path


def _offer(slug: str, size: Size, currency: str) -> dict[str, Any]:
    places = exponent(currency)
    whole, rest = divmod(size.price_minor, 10**places)
    offer = {
        "@type": "Offer",
        "sku": size.sku,
        "name": size.size,
        "price": f"{whole}.{rest:0{places}d}" if places else str(whole),
        "priceCurrency": currency,
        "availability": f"{SCHEMA}/{'InStock' if size.most else 'OutOfStock'}",
        "url": address(f"/products/{slug}"),
    }
    return offer | ({"gtin13": size.barcode} if len(size.barcode) == 13 else {})
