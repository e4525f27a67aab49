"""A moving-in table is worked row by row; a dry run does the very same and takes it back, so that it cannot promise otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import ModuleType

from flask import current_app

from shop.core.db import db
from shop.core.errors import Refused, ShopError
from shop.imports.commands import Report
from shop.imports.moving import clients, gift_cards, sessions, stock, visits
from shop.imports.moving.shapes import Facts
from shop.imports.reading import Line, Table, open_table
from shop.imports.rows import Rejected

BATCH = 50  # rows for which the write lock is held


@dataclass(frozen=True)
class Kind:
    words: str
    hint: str
    rows: ModuleType


KINDS = {
    "clients": Kind("Clients", "Known again by their e-mail address. Nobody is written to.", clients),
    "sessions": Kind("Part-used packages", "What is left, what was paid for each, and until when.", sessions),
    "visits": Kind("Booked visits", "Each takes its time and one session. Nobody is written to.", visits),
    "gift-cards": Kind("Gift cards", "What is left on each; the number on the card keeps working.", gift_cards),
    "stock": Kind("Opening stock", "By SKU or EAN, with lot and end.", stock),
}


def bring_table(
    path: Path, kind: str, *, dry_run: bool, by: str, out: Callable[[str], None], progress: Callable[[int], None]
) -> Report:
    """Each batch is saved whole or, in a dry run, taken back whole; a refused row leaves nothing of itself.

    Raises Refused for a table without the columns it needs.
    """
    table, rows = open_table(path), KINDS[kind].rows
    check_columns(table, kind)
    facts = Facts(current_app.config["SHOP"].currency, by, dry_run)
    report = Report(products=Counter())
    lines = table.lines()
    while batch := list(islice(lines, BATCH)):
        for line in batch:
            _one(rows, line, facts, report, out)
        if dry_run:
            db.session.rollback()
        else:
            db.session.commit()
        progress(batch[-1].row)
    return report


def check_columns(table: Table, kind: str) -> None:
    """Raises Refused naming what is missing; the first columns of each kind are the ones it cannot do without."""
    known = {column.casefold() for column in table.columns}
    columns = KINDS[kind].rows.COLUMNS
    missing = [name for name in columns[: NEEDED[kind]] if name not in known]
    if missing:
        raise Refused(f"The column {missing[0]} is missing. A file of this kind has: {', '.join(columns)}.", field="file")


NEEDED = {"clients": 2, "sessions": 7, "visits": 3, "gift-cards": 2, "stock": 2}


def _one(rows: ModuleType, line: Line, facts: Facts, report: Report, out: Callable[[str], None]) -> None:
    try:
        with db.session.begin_nested():
            told, words = rows.bring(line, facts)
    except ShopError as refused:
        report.rejected.append(Rejected(line.row, refused.field or "", refused.sentence, ""))
        return
    report.products[told] += 1
    out(f"{told}: {words}")
