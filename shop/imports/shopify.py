"""Shopify's product export: the first row of a handle is the product, further rows are its variants and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from shop.imports.flattening import flatten
from shop.imports.reading import Line, Table
from shop.imports.rejecting import Check, Seen
from shop.imports.rows import Item, Picture, ProductRow, Rejected, VariantRow, slug
from shop.imports.sorting import skin_types_in, step_of

COLUMNS = {"handle", "title", "variant price"}
STATES = {"active": "live", "draft": "draft", "archived": "archived", "unlisted": "draft"}
OPTIONS = ("option1 value", "option2 value", "option3 value")


def is_shopify(table: Table) -> bool:
    """Whether the header is that of a Shopify export."""
    return {column.casefold() for column in table.columns} >= COLUMNS


def read_shopify(table: Table, *, seen: Seen) -> Iterator[Item]:
    """Products, refusals and remarks in the order of the file; one product is in memory at a time."""
    ingredients = [c for c in table.columns if "ingredient" in c.casefold() or "inci" in c.casefold().split()]
    for handle, group in groupby(table.lines(), key=lambda line: line.get("handle")):
        lines = list(group)
        if not handle:
            yield from (Rejected(line.row, "handle", "There is no handle to tell which product this is.") for line in lines)
            continue
        check = Check(handle, lines[0].row, seen)
        yield from check.conclude(_product(lines, check, ingredients))


def _product(lines: list[Line], check: Check, ingredients: list[str]) -> ProductRow | None:
    head = lines[0]
    for line in lines:
        if line.problem:
            check.reject(line.row, "row", line.problem)
    if not check.is_first():
        return None
    address = slug(check.handle)
    if not head.get("title") or not address:
        check.reject(head.row, "title", "The product has no name.")
    if head.get("gift card").casefold() == "true":
        check.reject(head.row, "gift card", "Gift cards are not imported; the shop has its own.")
    variants = tuple(_variants(lines, check, address))
    if not variants:
        check.reject(head.row, "price", "No row of this product has a price.")
    return ProductRow(
        row=head.row,
        handle=address,
        brand=check.words(head.row, "brand", head.get("vendor")) or "Other",
        name=check.words(head.row, "name", head.get("title")),
        variants=variants,
        body_md=check.words(head.row, "text", flatten(head.get("body (html)", "description"))),
        inci=check.words(head.row, "ingredients", flatten(head.get(*ingredients))) if ingredients else None,
        skin_types=skin_types_in(head.get("tags").split(",")) or None,
        step=step_of([head.get("type", "custom product type", "tags")]),
        state=_state(head),
        tags=tuple(tag.strip() for tag in head.get("tags").split(",") if tag.strip()),
        pictures=_pictures(lines),
        old_path=f"/products/{check.handle}" if check.handle != address else None,
    )


def _state(head: Line) -> str:
    if head.get("published").casefold() == "false":
        return "draft"
    return STATES.get(head.get("status").casefold(), "live")


def _variants(lines: list[Line], check: Check, address: str) -> Iterator[VariantRow]:
    """Rows that hold an option, a SKU or a price; the others only bring a picture."""
    untold = lines[0].get("option1 name") == "Title"
    for line in lines:
        if line.get("variant price", "variant sku", *OPTIONS):
            name = "" if untold else " / ".join(value for option in OPTIONS if (value := line.get(option)))
            yield _variant(line, check, name, "-".join(filter(None, (address, slug(name)))))


def _variant(line: Line, check: Check, name: str, otherwise: str) -> VariantRow:
    row = line.row
    if line.get("variant requires shipping").casefold() == "false":
        check.reject(row, "variant requires shipping", "There is nothing to send; only goods are imported.")
    price = check.price(row, line.get("variant price"))
    return VariantRow(
        row=row,
        name=name,
        price_minor=price or 0,
        sku=check.sku(row, line.get("variant sku"), otherwise),
        compare_at_minor=check.compare_at(row, line.get("variant compare at price"), price),
        stock=check.stock(row, line.get("variant inventory qty")),
        barcode=check.barcode(row, line.get("variant barcode")),
        weight_grams=check.weight(row, line.get("variant grams")),
    )


def _pictures(lines: Iterable[Line]) -> tuple[Picture, ...]:
    """Every address once, in the order of the rows."""
    found: dict[str, Picture] = {}
    for line in lines:
        for src in (line.get("image src"), line.get("variant image")):
            if src:
                found.setdefault(src, Picture(src, line.get("image alt text")))
    return tuple(found.values())
