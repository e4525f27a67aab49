"""What is sold at the desk is found by scanning it, or by a part of its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from shop.catalog.models import AddOn, Brand, Package, Product, Treatment, Variant
from shop.catalog.models.care import addon_treatment
from shop.core.db import db
from shop.intake.unlocking import NOTHING, Unlocked
from shop.inventory.reading_codes import read_code, spellings

MOST = 12


@dataclass(frozen=True)
class Goods:
    sku: str
    name: str
    detail: str
    price_minor: int
    in_stock: bool


@dataclass(frozen=True)
class Series:
    """`addons` are (slug, name, minor for one session)."""

    slug: str
    name: str
    treatment: str
    sessions: int
    price_minor: int
    addons: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Found:
    goods: list[Goods]
    packages: list[Series]


def scanned(text: str) -> str | None:
    """The article number behind a barcode or a typed number, if exactly one article has it."""
    words = spellings(read_code(text).article)
    rows = select(Variant.sku).where(Variant.is_sold, (Variant.sku.in_(words)) | (Variant.barcode.in_(words)))
    skus = list(db.session.scalars(rows.limit(2))) if words else []
    return skus[0] if len(skus) == 1 else None


def search(q: str, unlocked: Unlocked = NOTHING) -> Found:
    """What is sold to anybody, and what is unlocked for this client; three statements. An empty question finds nothing."""
    words = [word for word in q.lower().split() if word][:6]
    if not words:
        return Found([], [])
    return Found(_goods(words, unlocked), _packages(words, unlocked))


def _goods(words: list[str], unlocked: Unlocked) -> list[Goods]:
    rows = (
        select(Variant, Product.name, Brand.name)
        .join(Product, Product.id == Variant.product_id)
        .join(Brand, Brand.id == Product.brand_id)
        .where(Product.state == "live", Product.gated.is_(False) | Product.id.in_(unlocked.products), Variant.is_sold)
    )
    whole: Any = func.lower(Brand.name + " " + Product.name + " " + Variant.sku)
    for word in words:
        rows = rows.where(whole.contains(word, autoescape=True))
    found = db.session.execute(rows.order_by(Variant.in_stock.desc(), Product.name, Variant.position).limit(MOST))
    return [
        Goods(
            variant.sku,
            name,
            ", ".join(part for part in (brand, variant.size) if part),
            variant.price_minor,
            variant.in_stock,
        )
        for variant, name, brand in found
    ]


def _packages(words: list[str], unlocked: Unlocked) -> list[Series]:
    rows = select(Package, Treatment.name).join(Treatment, Treatment.id == Package.treatment_id)
    anybody = (Package.state == "live") & (Treatment.sold_as == "online")
    rows = rows.where(anybody | Package.id.in_(unlocked.packages))
    whole: Any = func.lower(Treatment.name + " " + Package.name + " " + Package.slug)
    for word in words:
        rows = rows.where(whole.contains(word, autoescape=True))
    found = db.session.execute(rows.order_by(Treatment.position, Package.sessions).limit(MOST)).all()
    addons = _addons({package.treatment_id for package, _ in found})
    return [
        Series(p.slug, p.name, treatment, p.sessions, p.price_minor, tuple(addons.get(p.treatment_id, ())))
        for p, treatment in found
    ]


def _addons(treatment_ids: set[int]) -> dict[int, list[tuple[str, str, int]]]:
    rows = select(addon_treatment.c.treatment_id, AddOn.slug, AddOn.name, AddOn.per_session_minor)
    rows = rows.join(AddOn, AddOn.id == addon_treatment.c.addon_id)
    found: dict[int, list[tuple[str, str, int]]] = {}
    for treatment_id, *addon in db.session.execute(
        rows.where(addon_treatment.c.treatment_id.in_(treatment_ids)).order_by(AddOn.id)
    ):
        found.setdefault(treatment_id, []).append((addon[0], addon[1], addon[2]))
    return found
