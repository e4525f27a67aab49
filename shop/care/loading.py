"""What the database adds to the engines: the authorities' names of ingredients, and the clinic's own editions of the rules."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import Connection, Select, delete, func, insert, select

from shop.care import claim_patterns as claims
from shop.care import screening_rules as screening
from shop.care import windows
from shop.care.cosing import is_annex, read_annex, read_inventory, with_annex
from shop.care.ingredients import Dictionary
from shop.care.ingredients import dictionary as own_dictionary
from shop.care.models import AnnexEntry, IngredientName, RuleEdition, RuleVersion
from shop.care.rule_files import read_rules, versions
from shop.care.tables import read_rows
from shop.core.db import db
from shop.core.errors import NotFound
from shop.core.keeping import forget, kept

BATCH = 2000
FRESH_SECONDS = 30.0
Book = TypeVar("Book")
OWN = "clinic-"  # how an edition of the clinic's own is named, where the shop's are plain numbers
SOURCE = "CosIng, European Commission"
_NUMBER = re.compile(r"annex[ ._-]*(VI|V|IV|III|II)\b", re.IGNORECASE)


def import_ingredients(path: Path) -> dict[str, int]:
    """Bring in one export, the inventory or an annex; the caller commits. Returns how many rows stand now, by kind."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        header = next(csv.reader(stream), [])
        stream.seek(0)
        if is_annex(header):
            return {"annex entries": _annex(read_annex(stream, annex=annex_in(path.name)), annex_in(path.name))}
        return {"names": _inventory({row.name.upper(): row for row in read_inventory(stream)}.values())}


def annex_in(file_name: str) -> str | None:
    """ "cosing_annex.III.csv" → "III"; annex II and III look alike inside."""
    found = _NUMBER.search(file_name)
    return found.group(1).upper() if found else None


def dictionary() -> Dictionary:
    """The shop's own dictionary and every name that was brought in; looked up again when their number changes."""
    cached: tuple[float, int, Dictionary] | None = current_app.extensions.get("dictionary")
    if cached and monotonic() - cached[0] < FRESH_SECONDS:
        return cached[2]
    with db.engines["read"].connect() as reading:
        count = reading.scalar(select(func.count()).select_from(IngredientName)) or 0
        if cached and cached[1] == count:
            known = cached[2]
        else:
            known = own_dictionary()
            if count:
                known = known.with_names(reading.scalars(select(IngredientName.name)))
    current_app.extensions["dictionary"] = (monotonic(), count, known)
    return known


def in_force(book: str) -> str:
    """The version of a rulebook that decides now: the clinic's newest edition, else the newest the shop came with."""
    number = kept("rule-editions", _newest_editions).get(book)
    return f"{OWN}{number}" if number else _shipped(book)


def book_of(book: str, version: str | None = None) -> Mapping[str, Any]:
    """One rulebook as data, the clinic's changes in it. Raises NotFound for a version that never was."""
    wanted = version or in_force(book)
    return _kept_book(("data", book, wanted), lambda: _composed(book, wanted))


def screening_rules(version: str | None = None) -> screening.Rulebook:
    """What decides on answers; a decision brings the version it was made with, the clinic's own included."""
    wanted = version or in_force("screening")
    if not wanted.startswith(OWN):
        return screening.load_rules(wanted)
    return _kept_book(("screening", wanted), lambda: screening.read_rulebook(book_of("screening", wanted)))


def claim_rules(version: str | None = None) -> tuple[claims.ClaimRule, ...]:
    wanted = version or in_force("claims")
    return _kept_book(("claims", wanted), lambda: claims.read_claim_rules(book_of("claims", wanted)))


def window_rules(version: str | None = None) -> windows.Rulebook:
    """The windows and conditions of one edition: one object as long as they are the same, since labels remember it."""
    wanted = version or in_force("windows")
    if not wanted.startswith(OWN):
        return windows.starter_rules()
    return _kept_book(("windows", wanted), lambda: windows.rulebook(*rows_of_windows(wanted)))


def rows_of_windows(version: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """(windows, pregnancy) as rows of one edition."""
    shipped = {row["id"]: (kind, row) for kind in ("windows", "pregnancy") for row in read_rows(kind)}
    if not version.startswith(OWN):
        return tuple([row for kind, row in shipped.values() if kind == wanted] for wanted in ("windows", "pregnancy"))  # type: ignore[return-value]
    chosen, own = _edition("windows", version)
    found: dict[str, list[dict[str, str]]] = {"windows": [], "pregnancy": []}
    for rule in _in_order(shipped, chosen):
        written = own.get((rule, chosen[rule]))
        kind, row = (written["kind_of_row"], written) if written else shipped[rule]
        found[kind].append({name: str(value) for name, value in row.items()})
    return found["windows"], found["pregnancy"]


def forget_editions() -> None:
    """After a change made here."""
    forget("rule-editions")


def _composed(book: str, version: str) -> Mapping[str, Any]:
    """A file of rules with the clinic's versions in place of the shipped ones."""
    if not version.startswith(OWN):
        return read_rules(book, version)
    chosen, own = _edition(book, version)
    with db.engines["read"].connect() as reading:
        base = read_rules(book, reading.scalar(_found(RuleEdition.base, book, version)))
    shipped = {rule["id"]: rule for rule in base["rule"]}
    rules = [dated(own.get((rule, chosen[rule])) or shipped[rule]) for rule in _in_order(shipped, chosen)]
    return {**base, "version": version, "rule": rules}


def _edition(book: str, version: str) -> tuple[dict[str, int], dict[tuple[str, int], dict[str, Any]]]:
    """(rule → version, the clinic's rows of the book). Raises NotFound."""
    with db.engines["read"].connect() as reading:
        chosen = reading.scalar(_found(RuleEdition.chosen, book, version))
        rows = reading.execute(
            select(RuleVersion.rule, RuleVersion.version, RuleVersion.content).where(RuleVersion.book == book)
        )
        own = {(row.rule, row.version): row.content for row in rows}
    if chosen is None:
        raise NotFound("There is no edition of these rules under this name.")
    return chosen, own


def _in_order(shipped: Iterable[str], chosen: Mapping[str, int]) -> list[str]:
    """The rules that are in force as the shop came with them, then the clinic's own; the database keeps no order of names."""
    names = [*shipped, *sorted(set(chosen) - set(shipped))]
    return [rule for rule in names if chosen.get(rule)]


def _found(column: Any, book: str, version: str) -> Select[Any]:
    number = version.removeprefix(OWN)
    return select(column).where(RuleEdition.book == book, RuleEdition.number == (int(number) if number.isdecimal() else 0))


def dated(rule: Mapping[str, Any]) -> dict[str, Any]:
    """What was stored as text is a day again."""
    told = dict(rule)
    if isinstance(told["review_on"], str):
        told["review_on"] = date.fromisoformat(told["review_on"])
    return told


def _shipped(book: str) -> str:
    return "1" if book == "windows" else versions(book)[-1]


def _newest_editions(connection: Connection) -> dict[str, int]:
    newest = select(RuleEdition.book, func.max(RuleEdition.number)).group_by(RuleEdition.book)
    return dict(connection.execute(newest).tuples().all())


def _kept_book(key: tuple[str, ...], read: Callable[[], Book]) -> Book:
    """An edition never changes, so it is made once by each process."""
    books: dict[tuple[str, ...], Any] = current_app.extensions.setdefault("rulebooks", {})
    if key not in books:
        books[key] = read()
    made: Book = books[key]
    return made


def _inventory(rows: Iterable[Any]) -> int:
    facts = (
        {"name": row.name.upper(), "cas": row.cas, "ec": row.ec, "functions": list(row.functions), "source": SOURCE}
        for row in rows
    )
    total = 0
    for batch in _batches(facts):
        db.session.execute(delete(IngredientName).where(IngredientName.name.in_([row["name"] for row in batch])))
        db.session.connection().execute(insert(IngredientName), batch)
        total += len(batch)
    return total


def _annex(rows: Iterable[Any], number: str | None) -> int:
    entries = {}
    for row in rows:
        entry = with_annex(row, number) if number else row
        entries[entry.annex, entry.reference, entry.substance] = entry
    annexes = {annex for annex, _, _ in entries}
    db.session.execute(delete(AnnexEntry).where(AnnexEntry.annex.in_(annexes)))
    names = ("annex", "reference", "substance", "product_type", "maximum", "conditions", "regulation")
    facts = ({name: getattr(row, name) for name in names} | {"names": list(row.names)} for row in entries.values())
    for batch in _batches(facts):
        db.session.connection().execute(insert(AnnexEntry), batch)
    return len(entries)


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch
