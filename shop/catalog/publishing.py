"""Draft, live, archived: what goes live is whole, says nothing it must not, and is found at once."""

from __future__ import annotations

from sqlalchemy import select

from shop.catalog import indexing
from shop.catalog.checking_copy import claims_in
from shop.catalog.models import Product, Variant
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.history import record

STATES = {"draft": "Draft", "live": "Live", "archived": "Archived"}
COPY = ("name", "blurb", "body_md", "how_to_use")


def set_product_state(product: Product, state: str, *, by: str) -> bool:
    """False when it was in that state. Raises Refused, naming all that is missing, for what cannot go live."""
    if product.state == state:
        return False
    problems = product_problems(product) if state == "live" else []
    if problems:
        raise Refused(" ".join(problems), field="state")
    record(f"product:{product.id}", axis="state", was=product.state, now=state, by=by)
    product.state = state
    indexing.update([product.id])
    return True


def product_problems(product: Product) -> list[str]:
    """Why a product cannot be sold yet, as sentences."""
    sold = select(Variant.price_minor).where(Variant.product_id == product.id, Variant.is_sold)
    prices = list(db.session.scalars(sold))
    found = []
    if not prices:
        found.append("It has no size that is sold.")
    if any(price == 0 for price in prices):
        found.append("A size costs nothing.")
    if not product.blurb.strip():
        found.append("The one sentence about it is missing.")
    return found + [sentence for _, sentence in claims_in({name: getattr(product, name) for name in COPY})]
