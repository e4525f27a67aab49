"""Articles are found by what is printed on them."""

from __future__ import annotations

from sqlalchemy import or_, select

from shop.catalog.models import Variant
from shop.core.db import db
from shop.core.errors import Refused
from shop.inventory.reading_codes import spellings


def find_article(code: str) -> Variant | None:
    """By EAN or SKU; the SKU exactly as it is typed wins."""
    words = spellings(code.strip()[:80])
    if not words:
        return None
    either = or_(Variant.sku.in_(words), Variant.barcode.in_(words))
    found = list(db.session.scalars(select(Variant).where(either).order_by(Variant.id).limit(5)))
    return next((variant for variant in found if variant.sku == code.strip()), found[0] if found else None)


def get_article(code: str) -> Variant:
    """Raises Refused for a code that nothing carries."""
    variant = find_article(code)
    if variant is None:
        raise Refused(f"No article has the code “{code[:40]}”. Look at the figures under its bars.", field="code")
    return variant
