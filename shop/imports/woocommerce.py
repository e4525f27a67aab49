"""WooCommerce's product export: simple products, and variable ones whose variations name their parent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from shop.imports.flattening import flatten
from shop.imports.reading import Line, Table
from shop.imports.rejecting import Check, Seen
from shop.imports.rows import Item, Picture, ProductRow, Rejected, VariantRow, slug
from shop.imports.sorting import skin_types_in, step_of

COLUMNS = {"type", "sku", "name", "regular price"}
NOT_GOODS = {
    "grouped": "A group of other products has no price of its own; make it a box here.",
    "external": "It is sold in another shop, so there is nothing to import.",
    "virtual": "There is nothing to send; only goods are imported.",
    "downloadable": "There is nothing to send; only goods are imported.",
    "subscription": "Subscriptions are not sold here.",
    "variable-subscription": "Subscriptions are not sold here.",
}
KNOWN = {"simple", "variable", "variation"}


def is_woocommerce(table: Table) -> bool:
    """Whether the header is that of a WooCommerce export."""
    return {column.casefold() for column in table.columns} >= COLUMNS


def read_woocommerce(table: Table, *, seen: Seen, today: date) -> Iterator[Item]:
    """Products, refusals and remarks. Variations may stand anywhere, so a first pass gathers them by parent."""
    variations, parents = _gather(table)
    weight = next((c for c in table.columns if c.casefold().startswith("weight (")), "")
    for line in table.lines():
        kinds = _kinds(line)
        if "variation" in kinds:
            if line.get("parent") not in parents:
                named = line.get("parent") or "no product"
                yield Rejected(line.row, "parent", f"It is a kind of {named}, which is not in this file.")
            continue
        check = Check(line.get("name") or line.get("sku"), line.row, seen)
        own = [variation for key in _keys(line) for variation in variations.get(key, ())]
        yield from check.conclude(_product(line, own, check, weight, today))


def _gather(table: Table) -> tuple[dict[str, list[Line]], set[str]]:
    variations: dict[str, list[Line]] = defaultdict(list)
    parents: set[str] = set()
    for line in table.lines():
        if "variation" in _kinds(line):
            variations[line.get("parent")].append(line)
        elif "variable" in _kinds(line):
            parents.update(_keys(line))
    return variations, parents


def _kinds(line: Line) -> set[str]:
    return {kind.strip().casefold() for kind in line.get("type").split(",") if kind.strip()}


def _keys(line: Line) -> list[str]:
    """The names by which a variation may call its parent."""
    return [key for key in (line.get("sku"), f"id:{line.get('id')}") if key not in ("", "id:")]


def _product(line: Line, own: list[Line], check: Check, weight: str, today: date) -> ProductRow | None:
    address = slug(line.get("name"))
    if not _is_wanted(line, address, check):
        return None
    former = address
    if check.seen.handles.setdefault(address, line.row) != line.row:
        address = check.handle = slug(f"{line.get('name')} {line.get('sku') or line.get('id')}")
        if not check.is_first():
            return None
    variants = tuple(_variants(line, own, check, weight, address, today))
    if "variable" in _kinds(line) and not own:
        check.reject(line.row, "type", "It has variations, but none of them is in this file.")
    categories = re.split(r"[>,]", line.get("categories"))
    return ProductRow(
        row=line.row,
        handle=address,
        brand=check.words(line.row, "brand", line.get("brands", "brand", *_attribute(line, "brand"))) or "Other",
        name=check.words(line.row, "name", re.sub(r"\s+", " ", line.get("name"))),
        variants=variants,
        body_md=check.words(line.row, "text", _unescaped(line.get("description"))),
        blurb=_unescaped(line.get("short description")),
        inci=_ingredients(line, check),
        skin_types=skin_types_in([*line.get("tags").split(","), *_attribute_values(line, "skin type")]) or None,
        step=step_of(reversed(categories)) or step_of([line.get("tags")]),
        state="live" if line.get("published") == "1" else "draft",
        tags=tuple(tag.strip() for tag in line.get("tags").split(",") if tag.strip()),
        pictures=tuple(Picture(src) for src in re.split(r",\s+", line.get("images")) if src),
        old_path=f"/product/{former}",
    )


def _is_wanted(line: Line, address: str, check: Check) -> bool:
    kinds = _kinds(line)
    if line.problem:
        check.reject(line.row, "row", line.problem)
    elif reason := next((NOT_GOODS[kind] for kind in NOT_GOODS if kind in kinds), ""):
        check.reject(line.row, "type", reason)
    elif not kinds & KNOWN:
        check.reject(line.row, "type", f"The type {line.get('type') or '(none)'} is unknown here.")
    elif not address:
        check.reject(line.row, "name", "The product has no name.")
    return not check.rejected


def _variants(line: Line, own: list[Line], check: Check, weight: str, address: str, today: date) -> Iterator[VariantRow]:
    for variation in own or ([line] if "simple" in _kinds(line) else []):
        name = " / ".join(_options(variation)) if own else ""
        if variation.problem:
            check.reject(variation.row, "row", variation.problem)
        yield _variant(variation, line, check, name, address, weight, today)


def _variant(line: Line, parent: Line, check: Check, name: str, address: str, weight: str, today: date) -> VariantRow:
    row, regular = line.row, line.get("regular price")
    sale = line.get("sale price") if _sale_runs(line, today) else ""
    price = check.price(row, sale or regular)
    grams = (line.get(weight) or parent.get(weight)) if weight else ""
    return VariantRow(
        row=row,
        name=name,
        price_minor=price or 0,
        sku=check.sku(row, line.get("sku"), "-".join(filter(None, (address, slug(name))))),
        compare_at_minor=check.compare_at(row, regular, price) if sale else None,
        stock=check.stock(row, "0" if line.get("in stock?") == "0" else line.get("stock")),
        barcode=check.barcode(row, line.get("gtin, upc, ean, or isbn", "meta: _global_unique_id", "meta: _ean")),
        weight_grams=check.weight(row, grams, weight.partition("(")[2].rstrip(") ") or "kg"),
    )


def _sale_runs(line: Line, today: date) -> bool:
    """Whether a reduced price holds today; days are written as ISO dates, and an end of none has no end."""
    starts, ends = line.get("date sale price starts")[:10], line.get("date sale price ends")[:10]
    return (not starts or starts <= today.isoformat()) and (not ends or ends >= today.isoformat())


def _options(line: Line) -> list[str]:
    return [value for n in range(1, 10) if (value := line.get(f"attribute {n} value(s)"))]


def _attribute(line: Line, name: str) -> list[str]:
    """The columns that hold the values of the attribute of this name."""
    return [f"attribute {n} value(s)" for n in range(1, 10) if line.get(f"attribute {n} name").casefold() == name]


def _attribute_values(line: Line, name: str) -> list[str]:
    return line.get(*_attribute(line, name)).split(",") if _attribute(line, name) else []


def _ingredients(line: Line, check: Check) -> str | None:
    columns = [
        "ingredients",
        "inci",
        "meta: ingredients",
        "meta: _ingredients",
        "meta: inci",
        *_attribute(line, "ingredients"),
    ]
    text = line.get(*columns)
    return check.words(line.row, "ingredients", flatten(text)) if text else None


def _unescaped(html: str) -> str:
    """WooCommerce writes line ends inside a text as a backslash and an n."""
    return flatten(html.replace("\\n", "\n"))
