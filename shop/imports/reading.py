"""A table from anywhere: which encoding and separator it uses is found out, and its rows come one by one."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from shop.core.errors import Refused

LARGEST_CELL = 1_000_000
CHUNK = 1 << 20
SEPARATORS = ",;\t|"
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GUARD = re.compile(r"'(?=[=+\-@\t\r]|\d+$)")


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `row` counts as a spreadsheet does, the header being row 1; names of columns are folded."""

    row: int
    cells: dict[str, str]
    problem: str = ""

    def get(self, *columns: str) -> str:
        """The first of these columns that holds something, without spaces around it."""
        return next((value for column in columns if (value := self.cells.get(column.casefold(), ""))), "")


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read again and again; nothing of it is kept in memory."""

    path: Path
    encoding: str
    separator: str
    columns: tuple[str, ...]

    def lines(self) -> Iterator[Line]:
        """Every row that is not empty. Raises Refused with the row where the file stops being a table."""
        names = [column.casefold() for column in self.columns]
        with closing(_records(self.path, self.encoding, self.separator)) as records:
            next(records)
            for row, record in enumerate(records, 2):
                cells = [_cell(value) for value in record]
                if any(cells):
                    yield Line(row, dict(zip(names, cells, strict=False)), _misfit(cells, len(names)))


def open_table(path: str | Path) -> Table:
    """Find out how a file is written. Raises Refused when it is no table with a header."""
    path = Path(path)
    if not path.is_file():
        raise Refused(f"There is no file {path.name}.")
    encoding = _encoding(path)
    separator = _separator(path, encoding)
    with closing(_records(path, encoding, separator)) as records:
        header = [_cell(name) for name in next(records, [])]
    if not any(header):
        raise Refused(f"{path.name} is empty.")
    doubled = {name for name in header if name and header.count(name) > 1}
    if doubled:
        raise Refused(f"{path.name} has the column {sorted(doubled)[0]} twice.")
    return Table(path, encoding, separator, tuple(header))


def _encoding(path: Path) -> str:
    """UTF-8 when all of it is, else the one Western spreadsheets fall back to."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        head = stream.read(4)
        for mark, encoding in BYTE_ORDER_MARKS:
            if head.startswith(mark):
                return encoding
        stream.seek(0)
        try:
            while chunk := stream.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _separator(path: Path, encoding: str) -> str:
    """The sign that stands most often in the header, outside quotes."""
    with _text(path, encoding) as stream:
        header = re.sub(r'"[^"]*"', "", stream.readline(LARGEST_CELL))
    return max(SEPARATORS, key=header.count)


def _records(path: Path, encoding: str, separator: str) -> Generator[list[str], None, None]:
    csv.field_size_limit(LARGEST_CELL)
    number = 0
    with _text(path, encoding) as stream:
        try:
            for number, record in enumerate(csv.reader(stream, delimiter=separator), 1):  # noqa: B007 told below
                yield record
        except (csv.Error, UnicodeError) as broken:
            raise Refused(
                f"After row {number} of {path.name} the table breaks off, often by a quote left open."
            ) from broken


def _text(path: Path, encoding: str) -> TextIO:
    """Bytes that cp1252 leaves undefined become the replacement sign, which is told row by row."""
    return path.open(encoding=encoding, newline="", errors="replace" if encoding == "cp1252" else "strict")


def _cell(value: str) -> str:
    """Without spaces around it and without the apostrophe that keeps a spreadsheet from calculating."""
    return _GUARD.sub("", value.strip(), count=1) if value.lstrip().startswith("'") else value.strip()


def _misfit(cells: list[str], width: int) -> str:
    if len(cells) > width and any(cells[width:]):
        return f"The row has {len(cells)} cells and the header {width}; a separator or a quote is probably missing."
    return ""
