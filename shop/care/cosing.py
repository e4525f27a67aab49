"""The European Union's CosIng exports, read row by row: the inventory of names, and annexes II to VI of Reg. 1223/2009."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TextIO

from shop.core.errors import Refused

ANNEXES = {"II": "prohibited", "III": "restricted", "IV": "colourant", "V": "preservative", "VI": "uv-filter"}
INVENTORY_NAMES = ("inci_name", "inci name", "name")
NOT_NAMES = {"", "-", "NOT REPORTED"}


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One name of the inventory, with what it does according to the Commission."""

    name: str
    cas: str
    ec: str
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One entry of one annex; `names` are the INCI names it governs, free text stays as printed."""

    annex: str
    reference: str
    substance: str
    names: tuple[str, ...]
    cas: str
    ec: str
    product_type: str
    maximum: str
    conditions: str
    regulation: str
    updated: str


def read_inventory(stream: TextIO) -> Iterator[InventoryRow]:
    """The inventory, one row at a time; rows without a name are passed over. Raises Refused for another kind of file."""
    reader = csv.DictReader(stream)
    columns = {name.strip().lower(): name for name in reader.fieldnames or []}
    name_column = next((columns[name] for name in INVENTORY_NAMES if name in columns), None)
    if name_column is None:
        raise Refused("This file has no column of INCI names.")
    for row in reader:
        if name := _line(row.get(name_column)):
            yield InventoryRow(
                name,
                cas=_line(row.get(columns.get("cas_number", ""))),
                ec=_line(row.get(columns.get("einecs_number", ""))),
                functions=_several(row.get(columns.get("function", "")), ","),
            )


def read_annex(stream: TextIO, *, annex: str | None = None) -> Iterator[AnnexRow]:
    """The entries of an annex, one at a time.

    The header announces `regulated_by`, which no row holds: every row has one cell fewer, and what
    follows that column would slip one place to the left. A row as long as the header is read as it is.
    `annex` (II to VI) is told from the columns when it is not given; annex II and III look alike otherwise.
    """
    reader = csv.reader(stream)
    header = [cell.strip() for cell in next(reader, [])]
    if not {"reference_number", "inn", "update_date"} <= set(header):
        raise Refused("This file is not an annex of CosIng.")
    which = annex or _annex_of(header)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield _annex_row(_named_cells(header, cells), which)


def is_annex(header: Iterable[str]) -> bool:
    """Whether a header row belongs to an annex rather than to the inventory."""
    return {"reference_number", "inn"} <= {cell.strip() for cell in header}


def with_annex(row: AnnexRow, annex: str) -> AnnexRow:
    """The same entry under another annex, for exports whose number stands in the file name alone."""
    return replace(row, annex=annex)


def _annex_of(header: list[str]) -> str:
    if "colour_index_number" in header:
        return "IV"
    return "III" if "common_ingredients" in header else "II"


def _named_cells(header: list[str], cells: list[str]) -> dict[str, str]:
    names = header
    if len(cells) == len(header) - 1 and "regulated_by" in header:
        names = [name for name in header if name != "regulated_by"]
    row = dict(zip(names, cells, strict=False))
    if "colour_index_number" in row and not row.get("product_type"):
        # Annex IV is exported with these three one place further right than its header says.
        row |= {"product_type": row["maximum_concentration"], "maximum_concentration": row["other"], "other": ""}
    return row


def _annex_row(row: dict[str, str], annex: str) -> AnnexRow:
    return AnnexRow(
        annex,
        reference=_line(row.get("reference_number")),
        substance=_line(row.get("inn")),
        names=_annex_names(row),
        cas=_line(row.get("cas_number")),
        ec=_line(row.get("ec_number")),
        product_type=_line(row.get("product_type")),
        maximum=_line(row.get("maximum_concentration")),
        conditions=" ".join(filter(None, (_line(row.get("other")), _line(row.get("wording_of_conditions"))))),
        regulation=_line(row.get("regulation")),
        updated=_line(row.get("update_date")),
    )


def _annex_names(row: dict[str, str]) -> tuple[str, ...]:
    """Identified ingredients are parted by bare commas; the commas of 2,6-XYLENOL and N,N-BIS belong to the name."""
    text = row.get("identified_ingredients") or row.get("common_ingredients") or row.get("colour_index_number") or ""
    return _several(text, r"(?<!\bN)(?<!\bO),(?=[^\d ])|(?<=[A-Za-z]{2}),(?=\d)|\s/\s|;|\n")


def _several(text: str | None, separator: str) -> tuple[str, ...]:
    parts = (_line(part).strip(", ") for part in re.split(separator, text or ""))
    return tuple(dict.fromkeys(part for part in parts if part.upper() not in NOT_NAMES))


def _line(text: str | None) -> str:
    line = " ".join((text or "").split())
    return "" if line == "-" else line
