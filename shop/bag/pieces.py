"""One thing that is sold, a size of a product or a package, as the catalogue and the shelves know it now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shop.catalog.selling_days import last_days_of_lot, why_not_sold
from shop.inventory.outliving import days_of_use
from shop.inventory.selling import is_short


@dataclass
class Shelf:
    """One stock row from which a variant could be taken."""

    stock_id: int
    available: int
    expires_on: date | None
    is_short: bool = False
    last_sale: dict[str, str] = field(default_factory=dict)


@dataclass
class Piece:
    """One thing that is sold: a size of a product or a package, as the catalogue knows it now.

    `opens` is the product or package that has to be unlocked for somebody before it is offered to them; `forbidden` is
    what the clinic's own law says where it leaves nothing to sell.
    """

    kind: str
    id: int
    ref: str
    name: str
    statement_name: str
    detail: str
    link: str
    list_minor: int
    vat_percent: str
    is_offered: bool
    sold_as: str = "online"
    weight_grams: int = 0
    drawing: dict[str, Any] | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    shelves: list[Shelf] = field(default_factory=list)
    opens: int | None = None
    use_days: int | None = None
    accepts_end: date | None = None
    forbidden: str = ""

    @property
    def available(self) -> int:
        """What can be taken as the bag stands: of short-dated lots only those to whose date the buyer has agreed."""
        return sum(shelf.available for shelf in self.sold)

    @property
    def sold(self) -> list[Shelf]:
        """First expired first, what outlives its use before what is short-dated."""
        fresh = [shelf for shelf in self.shelves if not shelf.is_short]
        agreed = [s for s in self.shelves if s.is_short and s.expires_on and self.accepts_end]
        return fresh + [s for s in agreed if s.expires_on and self.accepts_end and s.expires_on >= self.accepts_end]

    @property
    def short(self) -> list[Shelf]:
        """What would be there for somebody who agrees to its date."""
        return [shelf for shelf in self.shelves if shelf.is_short]

    def add_shelf(self, row: Any) -> None:
        """A stock row of this variant, in the order in which it is sold."""
        short = is_short(row.expires_on, use_days=self.use_days)
        ends = last_days_of_lot(row.last_sale, row.sale_ends, row.on_market_since)
        self.shelves.append(Shelf(row.stock_id, row.available, row.expires_on, short, ends))

    def keep_lawful(self, country: str) -> str:
        """Leave out the lots that the law of that country does not let be sold today; a sentence where it leaves nothing."""
        if self.kind != "variant":
            return ""
        whys = [why_not_sold(shelf.last_sale, country) for shelf in self.shelves]
        self.shelves = [shelf for shelf, why in zip(self.shelves, whys, strict=True) if not why]
        if self.shelves:
            return ""
        return whys[0] if whys else why_not_sold(self.facts.get("last_sale"), country)


def variant_piece(row: Any) -> Piece:
    size = f"{row.content_amount} {row.content_unit}" if row.content_amount else row.size_name
    return Piece(
        kind="variant",
        id=row.variant_id,
        ref=row.sku,
        name=row.product_name,
        statement_name=f"{row.brand_name} {row.product_name}",
        detail=f"{row.brand_name}, {size}" if size else row.brand_name,
        link=f"/products/{row.slug}",
        list_minor=row.price_minor,
        vat_percent=row.variant_vat,
        is_offered=row.state == "live" and row.is_sold and not row.gated,
        opens=row.product_id if row.state == "live" and row.is_sold and row.gated else None,
        weight_grams=row.weight_grams,
        drawing={**row.drawing, "brand": row.brand_name, "name": row.product_name},
        facts={"sku": row.sku, "size": size, "last_sale": row.last_sale},
        use_days=days_of_use(
            row.content_amount, row.content_unit, amount_per_use_ml=row.amount_per_use_ml, uses_per_day=row.uses_per_day
        ),
    )


def package_piece(row: Any) -> Piece:
    return Piece(
        kind="package",
        id=row.package_id,
        ref=row.package_slug,
        name=row.package_name,
        statement_name=row.statement_name,
        detail=f"{row.sessions} sessions, {row.area}" if row.sessions > 1 else f"1 session, {row.area}",
        link=f"/packages/{row.package_slug}" if row.package_state == "live" else f"/treatments/{row.treatment_slug}",
        list_minor=row.package_minor,
        vat_percent=row.package_vat,
        is_offered=row.package_state == "live" and row.sold_as != "unsold",
        sold_as=row.sold_as,
        opens=row.package_id if _is_closed(row) else None,
        facts={
            "sessions": row.sessions,
            "gaps": row.gaps,
            "validity_days": row.validity_days,
            "treatment_id": row.treatment_id,
            "treatment": row.treatment_slug,
            "area": row.area,
            "single_minor": row.single_minor,
        },
    )


def _is_closed(row: Any) -> bool:
    """A series that begins with a consultation, or one made for a single client."""
    closed = row.package_state == "private" or (row.package_state == "live" and row.sold_as == "consultation")
    return bool(closed) and row.sold_as != "unsold"
