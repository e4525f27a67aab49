"""A page for each brand."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from sqlalchemy import func, select

from shop.catalog.filters import Filters
from shop.catalog.finding import get_brand
from shop.catalog.listing import list_products
from shop.catalog.models import Brand, Product
from shop.core.db import db
from shop.core.templating import rendered
from shop.storefront.countries import country_name
from shop.storefront.money_words import currency
from shop.storefront.pages import bp
from shop.storefront.structured import trail_data, written


@bp.get("/brands/<slug>")
def brand(slug: str) -> Any:
    brand = get_brand(slug)
    after = request.args.get("after", "")
    page = list_products(Filters(brand=(brand.slug,)), currency=currency(), after=after)
    path = f"/brands/{brand.slug}"
    return render_template(
        "storefront/brand.html",
        brand={"slug": brand.slug, "name": brand.name, "country": country_name(brand.country)},
        brand_html=rendered(brand.story_md),
        count_words=_count_words(brand),
        cards=page.cards,
        next_url=f"{path}?after={page.after}" if page.after else "",
        first_url=path if after else "",
        json_ld=written(trail_data(("Products", "/products"), (brand.name, path))),
    )


def _count_words(brand: Brand) -> str:
    own = select(func.count()).where(Product.brand_id == brand.id, Product.state == "live")
    n = db.session.scalar(own) or 0
    return f"{n} product{'' if n == 1 else 's'}"
