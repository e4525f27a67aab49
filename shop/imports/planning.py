"""What is to happen to one product, decided before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shop.catalog.models import Product, Variant
from shop.imports.assessing import Assessment
from shop.imports.restocking import Restock
from shop.imports.rows import ProductRow, VariantRow

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(slots=True)
class Plan:
    """One product before it is written."""

    row: ProductRow
    product: Product | None
    changes: dict[str, Any] = field(default_factory=dict)
    variants: list[tuple[VariantRow, Variant, dict[str, Any]]] = field(default_factory=list)
    added: list[VariantRow] = field(default_factory=list)
    gone: list[Variant] = field(default_factory=list)
    assessment: Assessment | None = None
    restocks: list[Restock] = field(default_factory=list)

    @property
    def kind(self) -> str:
        if self.product is None:
            return NEW
        changed = (
            self.changes or self.added or self.gone or self.restocks or any(changes for _, _, changes in self.variants)
        )
        return CHANGED if changed else SAME
