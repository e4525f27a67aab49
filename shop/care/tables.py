"""The shop's own tables of knowledge stand in files of rows beside the code, so that a clinic can read and change them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one table."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def several(cell: str) -> tuple[str, ...]:
    """The values of a cell that holds several, parted by a bar."""
    return tuple(filter(None, cell.split("|")))
