"""What every reader turns its rows into: whole products, refusals and remarks, each with its row."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One size or kind; None means that the file does not say."""

    row: int
    sku: str
    price_minor: int
    name: str | None = None
    compare_at_minor: int | None = None
    stock: int | None = None
    stock_exported: int | None = None
    barcode: str | None = None
    weight_grams: int | None = None
    content_amount: int | None = None
    content_unit: str | None = None
    vat_percent: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    src: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product, whole; None means that the file does not say, so that nothing known is overwritten."""

    row: int
    handle: str
    brand: str
    name: str
    variants: tuple[VariantRow, ...]
    body_md: str | None = None
    blurb: str | None = None
    how_to_use: str | None = None
    warnings: str | None = None
    responsible_person: str | None = None
    inci: str | None = None
    skin_types: tuple[str, ...] | None = None
    step: str | None = None
    area: str | None = None
    texture: str | None = None
    pao_months: int | None = None
    state: str | None = None
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    old_path: str | None = None
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a row, and with it its product, stays out."""

    row: int
    field: str
    sentence: str
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """What came in otherwise than it was written."""

    row: int
    field: str
    sentence: str
    handle: str = ""


Item = ProductRow | Rejected | Noted


def slug(text: str) -> str:
    """A name as an address: "Crème Nº 2" → "creme-no-2"; empty when no letter or figure is left."""
    plain = unicodedata.normalize("NFKD", re.sub("[™®©]", "", text)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:120].rstrip("-")
