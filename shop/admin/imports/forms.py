"""How a file is to be read."""

from __future__ import annotations

from wtforms import FileField, SelectField
from wtforms.validators import NumberRange, Optional

from shop.admin.choosing import choices
from shop.core.forms import LineField, ShopForm, WholeField
from shop.imports.plain import FIELDS

PREFIX = "field-"
WORDS = {
    "handle": "Address (handle)",
    "kind": "Kind or category",
    "blurb": "One sentence",
    "body": "Description",
    "body_md": "Description (Markdown)",
    "inci": "Ingredients",
    "pao_months": "Months after opening",
    "sku": "SKU",
    "barcode": "EAN",
    "variant": "Name of the size",
    "compare_at": "Price before",
    "stock": "Units on hand",
    "vat_percent": "VAT, per cent",
}


class FileForm(ShopForm):
    file = FileField("A CSV file")


class ReadForm(ShopForm):
    stock = WholeField("Units of each new size, where the file has none", [Optional(), NumberRange(0, 100000)])
    key = LineField("What tells products apart", [Optional()])


def map_fields(columns: list[str], chosen: dict[str, str]) -> list[SelectField]:
    """One select for each of our fields, bound apart from any form: what was chosen stays chosen."""
    offered = {"": "Not in the file"} | {column: column for column in columns}

    class MapForm(ShopForm):
        pass

    for name in FIELDS:
        words = WORDS.get(name, name.replace("_", " ").capitalize())
        setattr(MapForm, PREFIX + name, SelectField(words, choices=choices(offered), validate_choice=False))
    form = MapForm(formdata=None)
    for name in FIELDS:
        form[PREFIX + name].data = chosen.get(name, "")
    return [form[PREFIX + name] for name in FIELDS]
