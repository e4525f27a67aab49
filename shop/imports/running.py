"""A file handed in through the browser is checked, shown and applied by the worker, which says how far it is."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select, update

from shop.core import clock, outbox
from shop.core.db import changed, db, one_or_404, write_apart
from shop.core.errors import Conflict, Refused, ShopError
from shop.imports.commands import Report, format_of, import_products
from shop.imports.models import ImportRun
from shop.imports.moving import gift_cards
from shop.imports.moving.commands import KINDS as MOVING
from shop.imports.moving.commands import bring_table, check_columns
from shop.imports.plain import column_map
from shop.imports.reading import Table, open_table

KIND = "imports.run"
LINES_KEPT = 400
STALE = timedelta(seconds=90)
BUSY = {"checking": "checked", "applying": "applied"}
PROBLEM_COLUMN = "problem"
WORKBOOK = (b"PK", b"\xd0\xcf")


class Busy(Exception):
    """Another worker has this run, and was alive a moment ago."""


def take_in(name: str, content: bytes, *, cause: str, by: str, what: str = "") -> ImportRun:
    """Keep a file; `what` is a kind of moving-in table, else it is a catalogue.

    Raises Refused for what is no table, or not that one; the same cause twice is one file.
    """
    known = db.session.scalars(select(ImportRun).where(ImportRun.cause == cause)).first()
    if known is not None:
        return known
    if not content:
        raise Refused("Choose a file first.", field="file")
    if content.startswith(WORKBOOK):
        raise Refused("This is a workbook. Save it as CSV in your spreadsheet, then hand that in.", field="file")
    with _on_disk(name, content) as path:
        table = open_table(path)
        kind, columns = what or format_of(table), [column for column in table.columns if column]
        if what:
            check_columns(table, what)
        rows = sum(1 for _ in table.lines())
    run = ImportRun(name=name, kind=kind, columns=columns, rows=rows, content=gzip.compress(content, 6), cause=cause, by=by)
    run.mapping, run.key, run.counts, run.made_at = _remembered(columns) if kind == "plain" else {}, [], {}, clock.now()
    db.session.add(run)
    db.session.flush()
    return run


def get_run(run_id: int) -> ImportRun:
    """Raises NotFound."""
    return one_or_404(select(ImportRun).where(ImportRun.id == run_id), "There is no such file.")


def choose(run: ImportRun, *, mapping: Mapping[str, str], stock: int | None, key: Sequence[str]) -> None:
    """How the file is to be read, then have it checked. Raises Refused for a map that cannot be."""
    if run.kind == "plain":
        with on_disk(run) as path:
            _check_map(open_table(path), mapping)
    facts = {"mapping": dict(mapping), "stock": stock, "key": list(key)}
    _begin(run, "checking", since=("new", "checked", "broken"), facts=facts)


def apply_run(run: ImportRun) -> None:
    """Have what was shown carried out."""
    _begin(run, "applying", since=("checked",))


def work_run(*, run_id: int) -> None:
    """Outbox handler of "imports.run". Of two workers one does it; raises Busy to see later whether it lived."""
    run = db.session.get(ImportRun, run_id)
    if run is None or run.state not in BUSY:
        return
    dry = run.state == "checking"
    facts = {"mapping": run.mapping, "stock": run.stock, "key": run.key, "by": run.by}
    kind, lines = run.kind, list[str]()
    values: dict[str, Any]
    with on_disk(run) as path:
        db.session.rollback()  # the lock is not held while the file is read
        _claim(run_id)
        try:
            report = _import(path, lines, run_id, kind=kind, dry_run=dry, **facts)
            values = {"state": "checked" if dry else "applied", **_told(report, lines), "problem": ""}
            if kind == "gift-cards" and not dry:
                stay = {one.row for one in report.rejected}
                values["content"] = gzip.compress(gift_cards.without_numbers(path, stay), 6)
        except ShopError as refused:
            db.session.rollback()
            values = {"state": "broken", "problem": refused.sentence}
    changed(update(ImportRun).where(ImportRun.id == run_id).values(done_at=clock.now(), seen_at=None, **values))


def _claim(run_id: int) -> None:
    now = clock.now()
    free = or_(ImportRun.seen_at.is_(None), ImportRun.seen_at < now - STALE)
    mine = update(ImportRun).where(ImportRun.id == run_id, ImportRun.state.in_(BUSY), free)
    with write_apart() as session:
        result: Any = session.execute(
            mine.values(seen_at=now, progress=0), execution_options={"synchronize_session": False}
        )
        if not result.rowcount:
            raise Busy


def lines_of(run: ImportRun) -> dict[str, Any]:
    """What was shown or done: {"lines": […], "rejected": [[row, handle, field, sentence], …]}."""
    return json.loads(gzip.decompress(run.lines)) if run.lines else {"lines": [], "rejected": []}


def rejected_rows(run: ImportRun) -> Iterator[list[str]]:
    """The rows that stayed out, as they were, each with its problem: to be put right and handed in again."""
    problems: dict[int, list[str]] = {}
    for row, _, _, sentence in lines_of(run)["rejected"]:
        problems.setdefault(row, []).append(sentence)
    with on_disk(run) as path:
        table = open_table(path)
        columns = [column for column in table.columns if column != PROBLEM_COLUMN]
        yield [*columns, PROBLEM_COLUMN]
        for line in table.lines():
            if line.row in problems:
                yield [*(line.cells.get(column.casefold(), "") for column in columns), " ".join(problems[line.row])]


@contextmanager
def on_disk(run: ImportRun) -> Iterator[Path]:
    """The file under its own name, for as long as it is read."""
    with _on_disk(run.name, gzip.decompress(run.content)) as path:
        yield path


def _check_map(table: Table, mapping: Mapping[str, str]) -> None:
    try:
        column_map(table, mapping)
    except Refused as refused:
        raise Refused(refused.sentence.partition(", for instance")[0].rstrip(".") + ".") from None


def _begin(run: ImportRun, state: str, *, since: tuple[str, ...], facts: Mapping[str, Any] | None = None) -> None:
    values = {"state": state, "seen_at": None, "progress": 0, **(facts or {})}
    if not changed(update(ImportRun).where(ImportRun.id == run.id, ImportRun.state.in_(since)).values(**values)):
        raise Conflict("This file is being worked on already.")
    moment = int(clock.now().timestamp() * 1000)
    outbox.put(KIND, {"run_id": run.id}, key=f"{KIND}:{run.id}:{state}:{moment}")
    db.session.expire(run)


def _import(path: Path, lines: list[str], run_id: int, *, kind: str, dry_run: bool, **facts: Any) -> Report:
    def keep(line: str) -> None:
        if len(lines) < LINES_KEPT:
            lines.append(line)

    says: dict[str, Any] = {"dry_run": dry_run, "out": keep, "progress": _saying(run_id)}
    if kind in MOVING:
        return bring_table(path, kind, by=facts["by"], **says)
    return import_products(path, **facts, **says)


def _saying(run_id: int) -> Callable[[int], None]:
    def say(row: int) -> None:
        with write_apart() as session:
            mine = update(ImportRun).where(ImportRun.id == run_id)
            session.execute(
                mine.values(progress=row, seen_at=clock.now()), execution_options={"synchronize_session": False}
            )

    return say


def _told(report: Report, lines: list[str]) -> dict[str, Any]:
    rejected = [[one.row, one.handle, one.field, one.sentence] for one in report.rejected]
    counts = {**report.products, "rejected": report.rejected_products, "noted": len(report.noted)}
    readings = {f"read {name}": count for name, count in report.readings.items()}
    kept = json.dumps({"lines": lines, "rejected": rejected}, ensure_ascii=False).encode()
    return {"counts": counts | readings, "lines": gzip.compress(kept, 6)}


def _remembered(columns: Sequence[str]) -> dict[str, str]:
    """The map of the last file with the same columns."""
    named = {column.casefold() for column in columns} - {PROBLEM_COLUMN}
    last = select(ImportRun).where(ImportRun.kind == "plain", ImportRun.state != "new").order_by(ImportRun.id.desc())
    for run in db.session.scalars(last.limit(20)):
        if {column.casefold() for column in run.columns} - {PROBLEM_COLUMN} == named:
            return dict(run.mapping)
    return {}


@contextmanager
def _on_disk(name: str, content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="shop-import-") as folder:
        path = Path(folder) / (Path(name).name or "file.csv")
        path.write_bytes(content)
        yield path
