"""A code in a bag: typed in, taken out, and what it covers of what lies there now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import select, update

from shop.bag.models import Bag, DiscountCode
from shop.catalog.models import Brand, Concern, Package, Product, ProductConcern, Treatment, Variant
from shop.catalog.models.care import treatment_concern
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import NotFound, Refused
from shop.terms.discounts import Code, refuse_unusable

if TYPE_CHECKING:
    from shop.bag.finding import Owner
    from shop.bag.reading import BagItem

UNKNOWN = "This code is not known here. Please look at its spelling."
NOTHING = frozenset({"(nothing)"})  # a code for certain things covers none of them here
_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,31}", re.ASCII)


def tidy(text: str) -> str:
    """How a code is kept: capitals, without spaces. Empty when it cannot be one."""
    name = "".join(text.split()).upper()
    return name if _SHAPE.fullmatch(name) else ""


def find_code(name: str) -> DiscountCode | None:
    return db.session.scalars(select(DiscountCode).where(DiscountCode.name == name)).first()


def put_in(owner: Owner, text: str, items: Sequence[BagItem], *, held: Sequence[str]) -> str:
    """Use a code on a bag; its name. Raises NotFound, or Refused with the reason why it does not apply."""
    row = find_code(tidy(text)) if tidy(text) else None
    if row is None:
        raise NotFound(UNKNOWN, field="code")
    if row.name in held:
        raise Refused(f"The code {row.name} is in use already.", field="code")
    if held:
        raise Refused(f"One code at a time: take {held[0]} out first.", field="code")
    refuse_over(row)
    [code] = resolved([row], items)
    refuse_unusable(code, eligible_minor=eligible_minor(code, items), on=clock.today())
    changed(update(Bag).where(owner.condition).values(codes=[*held, row.name]))
    return row.name


def take_out(owner: Owner, name: str, *, held: Sequence[str]) -> None:
    """Raises NotFound for a code that is not in the bag."""
    if name not in held:
        raise NotFound("That code is not in your bag any more.")
    changed(update(Bag).where(owner.condition).values(codes=[other for other in held if other != name]))


def refuse_over(row: DiscountCode) -> None:
    """Raises Refused for a code that has ended or is used up, as far as one can see without a lock."""
    if row.ended_at is not None:
        raise Refused(f"The code {row.name} has ended.", field="code")
    if row.limit_all is not None and row.uses >= row.limit_all:
        raise Refused(f"The code {row.name} has been used as often as it can be.", field="code")


def codes_for(names: Sequence[str], items: Sequence[BagItem]) -> tuple[list[Code], list[str]]:
    """The codes of a bag as they apply to it now, and a sentence for each that does not any more."""
    if not names:
        return [], []
    rows = {row.name: row for row in db.session.scalars(select(DiscountCode).where(DiscountCode.name.in_(names)))}
    fit: list[DiscountCode] = []
    said = []
    for name in names:
        try:
            if name not in rows:
                raise Refused(f"The code {name} is not known here any more.")
            refuse_over(rows[name])
            fit.append(rows[name])
        except Refused as refused:
            said.append(refused.sentence)
    return resolved(fit, items), said


def usable(codes: Iterable[Code], items: Sequence[BagItem]) -> tuple[list[Code], list[str]]:
    """Those that take something off these lines today; a sentence for each other."""
    kept, said = [], []
    for code in codes:
        try:
            refuse_unusable(code, eligible_minor=eligible_minor(code, items), on=clock.today())
            kept.append(code)
        except Refused as refused:
            said.append(refused.sentence)
    return kept, said


def eligible_minor(code: Code, items: Iterable[BagItem]) -> int:
    """What the lines cost that the code covers."""
    from shop.bag.pricing import wanted_of

    lines = [line for item in items for line in wanted_of(item)]
    return sum(line.list_minor * line.quantity for line in lines if code.covers(line.kind, line.slug))


def resolved(rows: Sequence[DiscountCode], items: Iterable[BagItem]) -> list[Code]:
    """Concerns, brands and packages become the very articles of this bag; two statements where a code names any."""
    listed = list(items)
    facts = _facts(listed) if any(_is_for_some(row) for row in rows) else {}
    return [_resolved(row, facts) for row in rows]


def plain(row: DiscountCode) -> Code:
    """The code as the arithmetic knows it, before anything is looked at."""
    return Code(
        name=row.name,
        percent=row.percent,
        amount_minor=row.amount_minor,
        currency=current_app.config["SHOP"].currency,
        kinds=frozenset(row.kinds),
        least_minor=row.least_minor,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


def _is_for_some(row: DiscountCode) -> bool:
    return bool(row.concerns or row.brands or row.packages)


def _resolved(row: DiscountCode, facts: dict[str, set[str]]) -> Code:
    code = plain(row)
    if not _is_for_some(row):
        return code
    wanted = {f"concern:{slug}" for slug in row.concerns} | {f"brand:{slug}" for slug in row.brands}
    wanted |= {f"package:{slug}" for slug in row.packages}
    return replace(code, slugs=frozenset(ref for ref, marks in facts.items() if marks & wanted) or NOTHING)


def _facts(items: list[BagItem]) -> dict[str, set[str]]:
    """{article or package: its concerns, brand and own name}, for the lines that are no box."""
    alone = [item.piece for item in items if item.piece is not None]
    facts: dict[str, set[str]] = {piece.ref: set() for piece in alone}
    variants = [piece.id for piece in alone if piece.kind == "variant"]
    packages = [piece.id for piece in alone if piece.kind == "package"]
    if variants:
        rows = _of_variants(variants)
        for sku, brand, concern in db.session.execute(rows):
            facts[sku] |= {f"brand:{brand}", f"concern:{concern}"}
    if packages:
        for slug, concern in db.session.execute(_of_packages(packages)):
            facts[slug] |= {f"package:{slug}", f"concern:{concern}"}
    return facts


def _of_variants(ids: list[int]) -> Any:
    rows = select(Variant.sku, Brand.slug, Concern.slug).join(Product, Product.id == Variant.product_id)
    rows = rows.join(Brand, Brand.id == Product.brand_id)
    rows = rows.outerjoin(ProductConcern, ProductConcern.product_id == Product.id)
    return rows.outerjoin(Concern, Concern.id == ProductConcern.concern_id).where(Variant.id.in_(ids))


def _of_packages(ids: list[int]) -> Any:
    rows = select(Package.slug, Concern.slug).join(Treatment, Treatment.id == Package.treatment_id)
    rows = rows.outerjoin(treatment_concern, treatment_concern.c.treatment_id == Treatment.id)
    return rows.outerjoin(Concern, Concern.id == treatment_concern.c.concern_id).where(Package.id.in_(ids))
