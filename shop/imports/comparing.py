"""What a row would change about a product, field by field and in words; nothing is written here."""

from __future__ import annotations

from typing import Any

from shop.catalog.models import Product, Variant
from shop.core.money import money
from shop.imports.rows import ProductRow, VariantRow

FIELDS = (
    "name", "body_md", "blurb", "how_to_use", "warnings", "responsible_person", "inci", "step", "area", "texture",
    "pao_months", "state",
)  # fmt: skip
VARIANT_FIELDS = (
    "name", "price_minor", "compare_at_minor", "barcode", "weight_grams", "content_amount", "content_unit", "vat_percent",
)  # fmt: skip
LONG = 40


def product_changes(product: Product, row: ProductRow) -> dict[str, Any]:
    """Field → new value, for what the row says otherwise than the shop. What the file leaves unsaid stays."""
    said = {name: getattr(row, name) for name in FIELDS}
    changes = {name: value for name, value in said.items() if value is not None and value != _bare(getattr(product, name))}
    if row.skin_types is not None and set(row.skin_types) != set(product.skin_types):
        changes["skin_types"] = list(row.skin_types)
    pictures = [{"src": picture.src, "alt": picture.alt} for picture in row.pictures]
    if pictures and pictures != product.drawing.get("pictures"):
        changes["drawing"] = {**product.drawing, "pictures": pictures}
    return changes


def variant_changes(variant: Variant, row: VariantRow) -> dict[str, Any]:
    """As above. A former price that the file no longer names is over."""
    said = {name: getattr(row, name) for name in VARIANT_FIELDS}
    changes = {name: value for name, value in said.items() if value is not None and value != _bare(getattr(variant, name))}
    if row.compare_at_minor is None and variant.compare_at_minor is not None:
        changes["compare_at_minor"] = None
    if not variant.is_sold:
        changes["is_sold"] = True
    return changes


def in_words(entry: Product | Variant, changes: dict[str, Any], *, currency: str, what: str = "") -> list[str]:
    """ "price £20.00 → £22.00" and the like; a long text only says that it is another."""
    return [_change(what + _label(name), getattr(entry, name), value, currency, name) for name, value in changes.items()]


def _bare(value: Any) -> Any:
    """A cell of a table has no spaces around it."""
    return value.strip() if isinstance(value, str) else value


def _change(label: str, was: Any, now: Any, currency: str, name: str) -> str:
    if name == "drawing":
        return "other pictures"
    if name == "is_sold":
        return f"{label}again"
    shown = [_shown(value, currency, name) for value in (was, now)]
    return f"{label} is another text" if max(map(len, shown)) > LONG else f"{label} {shown[0]} → {shown[1]}"


def _label(name: str) -> str:
    labels = {"body_md": "text", "inci": "ingredients", "compare_at_minor": "former price", "is_sold": "sold "}
    return labels.get(name, name.removesuffix("_minor").replace("_", " "))


def _shown(value: Any, currency: str, name: str) -> str:
    if value in (None, "", []):
        return "nothing"
    if name.endswith("_minor"):
        return money(value, currency)
    return ", ".join(value) if isinstance(value, list) else str(value)
