"""Tables for the tests: written to a file, read by the shop's own readers."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from shop.imports.reading import Table, open_table
from shop.imports.rows import Item, Noted, ProductRow, Rejected


def table(tmp_path: Path, header: str, *rows: str) -> Table:
    path = tmp_path / "table.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return open_table(path)


def table_of(tmp_path: Path, *rows: dict[str, str]) -> Table:
    path = tmp_path / "table.csv"
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return open_table(path)


def products(items: list[Item]) -> list[ProductRow]:
    return [item for item in items if isinstance(item, ProductRow)]


def refusals(items: list[Item]) -> list[tuple[int, str]]:
    return [(item.row, item.field) for item in items if isinstance(item, Rejected)]


def remarks(items: list[Item]) -> list[tuple[int, str]]:
    return [(item.row, item.field) for item in items if isinstance(item, Noted)]


def outside(name: str) -> Path:
    """A file that nobody of this shop wrote; skips where there is none."""
    folder = os.environ.get("SHOP_TEST_DATA")
    if not folder:
        pytest.skip(f"SHOP_TEST_DATA is not set: {name} was not read")
    return Path(folder) / name
