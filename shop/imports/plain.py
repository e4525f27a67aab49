"""Any other table: a column map says which column is what, and well-known names need no map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from itertools import groupby

from shop.core.errors import Refused
from shop.imports.flattening import flatten
from shop.imports.reading import Line, Table
from shop.imports.rejecting import Check, Seen
from shop.imports.rows import Item, ProductRow, Rejected, VariantRow, slug
from shop.imports.sorting import AREAS, SKIN_TYPES, STEPS, skin_types_in, step_of

# Our fields, and the names under which other tables know them. An export of ours uses the fields themselves.
FIELDS: dict[str, tuple[str, ...]] = {
    "handle": ("slug",),
    "brand": ("vendor", "manufacturer", "marke"),
    "name": ("title", "product", "product name"),
    "step": (),
    "kind": ("label", "type", "category", "product type"),
    "area": (),
    "texture": (),
    "state": ("status",),
    "blurb": ("short description",),
    "body": ("description", "body (html)"),
    "body_md": (),
    "how_to_use": ("how to use", "directions"),
    "inci": ("ingredients", "ingredient list", "ingredient"),
    "skin_types": ("skin types", "skin type"),
    "warnings": (),
    "responsible_person": (),
    "pao_months": ("pao",),
    "tags": (),
    "sku": ("article", "item number", "code"),
    "barcode": ("ean", "ean13", "gtin", "upc"),
    "variant": ("size", "option"),
    "price": ("retail price", "rrp"),
    "compare_at": ("compare at price", "was"),
    "stock": ("quantity", "qty", "inventory"),
    "stock_exported": (),
    "weight_grams": ("weight", "grams"),
    "content_amount": (),
    "content_unit": (),
    "vat_percent": ("vat",),
}
TEXTURES = ("gel", "cream", "oil", "water", "balm", "foam", "powder")
AREA_NAMES = ("face", *AREAS)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A line, asked by our fields."""

    line: Line
    columns: Mapping[str, str]

    @property
    def row(self) -> int:
        return self.line.row

    def get(self, field: str) -> str:
        return self.line.get(self.columns[field]) if field in self.columns else ""


def column_map(table: Table, given: Mapping[str, str]) -> dict[str, str]:
    """Our field → the table's column. `given` may name either side first. Raises Refused for a name nobody knows."""
    folded = {column.casefold(): column for column in table.columns}
    columns = {field: folded[name] for field, names in FIELDS.items() for name in (field, *names)[::-1] if name in folded}
    for one, other in given.items():
        field, column = (one, other) if one in FIELDS else (other, one)
        if field not in FIELDS:
            raise Refused(f"Neither {one} nor {other} is a field. Fields are: {', '.join(FIELDS)}.")
        if column.casefold() not in folded:
            raise Refused(f"There is no column {column}. Columns are: {', '.join(table.columns)}.")
        columns[field] = folded[column.casefold()]
    missing = [field for field in ("name", "price") if field not in columns]
    if missing:
        raise Refused(f"Say which column holds the {missing[0]}, for instance --map {missing[0]}={table.columns[0]}.")
    return columns


def read_plain(
    table: Table, *, seen: Seen, mapping: Mapping[str, str] | None = None, key: Sequence[str] = ()
) -> Iterator[Item]:
    """Products, refusals and remarks in the order of the file. Rows that share their key are variants of one product.

    `key` names the fields (or columns) that tell products apart; without it the handle does, or brand and name.
    """
    columns = column_map(table, mapping or {})
    fields = [_field(name, columns, table) for name in key] or (["handle"] if "handle" in columns else ["brand", "name"])
    flags = {kind: kind for kind in SKIN_TYPES if kind in {column.casefold() for column in table.columns}}
    lines = (Mapped(line, {**columns, **flags}) for line in table.lines())
    for values, group in groupby(lines, key=lambda line: tuple(line.get(field) for field in fields)):
        rows = list(group)
        if not any(values):
            yield from (Rejected(r.row, fields[-1], "There is no name to tell which product this is.") for r in rows)
            continue
        yield from _read_product(rows, values, fields, seen)


def _field(name: str, columns: dict[str, str], table: Table) -> str:
    """A part of the key: one of our fields, or a column of the table under its own name."""
    if name in columns:
        return name
    column = next((column for column in table.columns if column.casefold() == name.casefold()), None)
    if column is None:
        raise Refused(f"The key {name} is neither a field nor a column of this file.")
    columns[name] = column
    return name


def _read_product(rows: list[Mapped], values: tuple[str, ...], fields: list[str], seen: Seen) -> Iterator[Item]:
    check = Check(" ".join(filter(None, values)), rows[0].row, seen)
    if check.is_first():
        check.handle = _address(values, rows[0].row, seen)
    product = _product(rows, check, by_name=fields != ["handle"]) if not check.rejected else None
    yield from check.conclude(product)


def _address(values: tuple[str, ...], row: int, seen: Seen) -> str:
    """The key as an address. Two keys that would share one ("Crème", "Creme") are told apart by a few figures."""
    address = slug(" ".join(values)) or "product"
    if len(values) > 1 and seen.handles.setdefault(f"/{address}", row) != row:
        address += "-" + blake2s("\0".join(values).encode(), digest_size=3).hexdigest()
    return address


def _product(rows: list[Mapped], check: Check, *, by_name: bool) -> ProductRow:
    head, row = rows[0], rows[0].row
    for line in rows:
        if line.line.problem:
            check.reject(line.row, "row", line.line.problem)
    if not head.get("name"):
        check.reject(row, "name", "The product has no name.")
    return ProductRow(
        row=row,
        handle=check.handle,
        brand=check.words(row, "brand", head.get("brand")) or "Other",
        name=check.words(row, "name", head.get("name")),
        variants=tuple(_variant(line, check) for line in rows),
        body_md=_told(head, "body_md", check) if "body_md" in head.columns else _flat(head, check),
        blurb=_told(head, "blurb", check),
        how_to_use=_told(head, "how_to_use", check),
        warnings=_told(head, "warnings", check),
        inci=_told(head, "inci", check),
        skin_types=_skin_types(head),
        step=check.one_of(row, "step", head.get("step"), STEPS) or step_of([head.get("kind"), head.get("tags")]),
        area=check.one_of(row, "area", head.get("area"), AREA_NAMES),
        texture=check.one_of(row, "texture", head.get("texture"), TEXTURES),
        state=check.one_of(row, "state", head.get("state"), ("live", "draft", "archived")),
        pao_months=check.whole(row, "pao_months", head.get("pao_months")),
        responsible_person=_told(head, "responsible_person", check),
        tags=tuple(tag.strip() for tag in head.get("tags").split(",") if tag.strip()),
        by_name=by_name,
    )


def _told(head: Mapped, field: str, check: Check) -> str | None:
    """The words of a column; None when the table has no such column."""
    return check.words(head.row, field, head.get(field)) if field in head.columns else None


def _flat(head: Mapped, check: Check) -> str | None:
    text = _told(head, "body", check)
    return None if text is None else flatten(text)


def _skin_types(head: Mapped) -> tuple[str, ...] | None:
    """From one column of words, or from a column for each skin type that holds 1 or yes."""
    if "skin_types" in head.columns:
        return skin_types_in(head.get("skin_types").replace(";", ",").split(","))
    flags = [kind for kind in SKIN_TYPES if kind in head.columns]
    if not flags:
        return None
    return tuple(kind for kind in flags if head.get(kind).casefold() in ("1", "1.0", "yes", "true", "x"))


def _variant(line: Mapped, check: Check) -> VariantRow:
    row, name = line.row, line.get("variant")
    price = check.price(row, line.get("price"))
    return VariantRow(
        row=row,
        name=name if "variant" in line.columns else None,
        price_minor=price or 0,
        sku=check.sku(row, line.get("sku"), "-".join(filter(None, (check.handle, slug(name))))),
        compare_at_minor=check.compare_at(row, line.get("compare_at"), price),
        stock=check.stock(row, line.get("stock")),
        stock_exported=check.stock(row, line.get("stock_exported")),
        barcode=check.barcode(row, line.get("barcode")),
        weight_grams=check.weight(row, line.get("weight_grams")),
        content_amount=check.whole(row, "content_amount", line.get("content_amount")),
        content_unit=check.one_of(row, "content_unit", line.get("content_unit"), ("ml", "g", "piece")),
        vat_percent=check.percent(row, "vat_percent", line.get("vat_percent")),
    )
