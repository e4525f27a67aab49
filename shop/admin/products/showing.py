"""A product as the desk edits it: its words, sizes with their prices and history, links, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from shop.admin.fingerprints import fingerprint
from shop.admin.people import names_of
from shop.admin.products.forms import ProductForm
from shop.catalog.changing_prices import PriceChange, price_history
from shop.catalog.models import Brand, Concern, Product, ProductConcern, ProductPicture, Variant
from shop.catalog.picturing import pictures_of
from shop.catalog.publishing import product_problems
from shop.catalog.selling_days import read_percents
from shop.core.db import db, one_or_404
from shop.core.history import HistoryRow, history_of

LARGEST_ID = 2**53
WORDS = (
    "name", "step", "area", "texture", "blurb", "body_md", "how_to_use", "inci", "warnings", "responsible_person",
    "skin_types", "pao_months", "amount_per_use_ml", "uses_per_day", "gated", "brand_id",
    "supplier",
)  # fmt: skip
TOLD = 30


@dataclass
class Sheet:
    product: Product
    brand: Brand
    sizes: list[Variant]
    links: list[tuple[ProductConcern, str]]
    concerns: list[tuple[str, str]]
    prices: dict[str, list[PriceChange]]
    history: list[HistoryRow]
    names: dict[str, str]
    problems: list[str]
    pictures: Sequence[ProductPicture]


def get_product(product_id: int) -> Product:
    """Raises NotFound."""
    return one_or_404(select(Product).where(Product.id == min(product_id, LARGEST_ID)), "There is no such product.")


def get_size(product: Product, size_id: int) -> Variant:
    """Raises NotFound, for a size of another product too."""
    mine = select(Variant).where(Variant.id == min(size_id, LARGEST_ID), Variant.product_id == product.id)
    return one_or_404(mine, "There is no such size.")


def sheet(product: Product) -> Sheet:
    """A fixed number of statements."""
    rows = select(Variant).where(Variant.product_id == product.id).order_by(Variant.position, Variant.id)
    sizes = list(db.session.scalars(rows))
    links = select(ProductConcern, Concern.name).join(Concern, Concern.id == ProductConcern.concern_id)
    links = links.where(ProductConcern.product_id == product.id).order_by(Concern.position, ProductConcern.id)
    concerns = select(Concern.slug, Concern.name).order_by(Concern.position, Concern.id)
    prices = price_history(f"variant:{size.id}" for size in sizes)
    history = history_of(f"product:{product.id}")[::-1][:TOLD]
    actors = {row.by for row in history} | {change.by for found in prices.values() for change in found}
    return Sheet(
        product=product,
        brand=db.session.get_one(Brand, product.brand_id),
        sizes=sizes,
        links=[(link, name) for link, name in db.session.execute(links)],
        concerns=[(slug, name) for slug, name in db.session.execute(concerns)],
        prices=prices,
        history=history,
        names=names_of(actors),
        problems=product_problems(product) if product.state != "live" else [],
        pictures=pictures_of(product.id),
    )


def words_of(product: Product) -> dict[str, Any]:
    """What the form edits, as it is now."""
    return {name: getattr(product, name) for name in WORDS}


def typed(form: ProductForm, brand_id: int) -> dict[str, Any]:
    """What the form says, in the shape of `words_of`."""
    texts = {name: getattr(form, name).data or "" for name in WORDS if name not in ("brand_id", "skin_types", "supplier")}
    numbers = {name: getattr(form, name).data for name in ("pao_months", "uses_per_day")}
    rest = {"amount_per_use_ml": form.amount_per_use_ml.data or None, "gated": form.gated.data}
    lists = {"step": form.step.data or None, "skin_types": list(form.skin_types.data or [])}
    since = form.on_market_since.data
    supplier = {"percents": read_percents(form.percents.data or ""), "on_market_since": since.isoformat() if since else ""}
    facts = {"supplier": {name: value for name, value in supplier.items() if value}, "brand_id": brand_id}
    return texts | numbers | rest | lists | facts


def seen(product: Product) -> str:
    return fingerprint(words_of(product))
