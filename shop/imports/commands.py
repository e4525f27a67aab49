"""The shell's verbs for catalogues: what would come in, what came in, and what did not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from flask import current_app

from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.money import exponent
from shop.imports import FORMATS
from shop.imports.applying import Outcome, apply_rows
from shop.imports.plain import read_plain
from shop.imports.planning import CHANGED, NEW, SAME
from shop.imports.reading import Table, open_table
from shop.imports.rejecting import Seen
from shop.imports.rows import Item, Noted, ProductRow, Rejected
from shop.imports.shopify import is_shopify, read_shopify
from shop.imports.woocommerce import is_woocommerce, read_woocommerce

BATCH = 50  # a batch keeps the database busy for a fraction of a second
Say = Callable[[str], None]


@dataclass(slots=True)
class Report:
    """How many products are new, changed, same or rejected, how well their lists were read, and every refusal."""

    products: Counter[str] = field(default_factory=Counter)
    readings: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    noted: list[Noted] = field(default_factory=list)

    def count(self, told: Outcome | Item) -> None:
        if isinstance(told, Outcome):
            self.products[told.kind] += 1
            self.readings[told.reading] += 1
        elif isinstance(told, Rejected):
            self.rejected.append(told)
        elif isinstance(told, Noted):
            self.noted.append(told)

    @property
    def rejected_products(self) -> int:
        return len({refusal.handle or f"row {refusal.row}" for refusal in self.rejected})


def import_products(
    path: str | Path,
    *,
    fmt: str | None = None,
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
    stock: int | None = None,
    key: Sequence[str] = (),
    dry_run: bool = False,
    by: str = "shell",
    out: Say = lambda line: None,
    progress: Callable[[int], None] = lambda row: None,
) -> Report:
    """Read a file and apply it batch by batch, each batch committed whole; with `dry_run` nothing is saved.

    `progress` is told the last row of each batch, when no transaction is open.

    Raises Refused for a file, map or key that cannot be used at all, before anything is saved.
    """
    table = open_table(path)
    kind = fmt or format_of(table)
    shop_currency = current_app.config["SHOP"].currency
    items = _items(table, kind, currency=currency or shop_currency, mapping=mapping or {}, key=key)
    out(f"{table.path.name}: {kind}, {table.encoding}, separated by {table.separator!r}")
    for sentence in _about_currency(currency, shop_currency):
        out(sentence)
    report = Report()
    for batch in _batches(items):
        rows = [item for item in batch if isinstance(item, ProductRow)]
        told: list[Outcome | Item] = [item for item in batch if not isinstance(item, ProductRow)]
        told += apply_rows(rows, currency=shop_currency, stock=stock, by=by, dry_run=dry_run)
        if dry_run:
            db.session.rollback()
        else:
            db.session.commit()
        progress(max((one.row for one in told), default=0))
        for one in sorted(told, key=lambda one: one.row):
            report.count(one)
            if line := _line(one):
                out(line)
    for line in _summary(report, dry_run=dry_run):
        out(line)
    return report


def format_of(table: Table) -> str:
    """By the header: what is neither Shopify's nor WooCommerce's is a plain table."""
    if is_shopify(table):
        return "shopify"
    return "woo" if is_woocommerce(table) else "plain"


def read_map(text: str) -> dict[str, str]:
    """ "name=Title,inci=Ingredients" as a map. Raises Refused for a part without an equals sign."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    wrong = next((left for left, sign, right in pairs if not (sign and left.strip() and right.strip())), None)
    if wrong is not None:
        raise Refused(f"Write the map as field=column; {wrong.strip() or 'a part'} has no equals sign between two names.")
    return {left.strip(): right.strip() for left, _, right in pairs}


def _items(table: Table, kind: str, *, currency: str, mapping: Mapping[str, str], key: Sequence[str]) -> Iterator[Item]:
    seen = Seen(currency, decimal_comma=table.separator in ";\t")
    if kind == "shopify":
        return read_shopify(table, seen=seen)
    if kind == "woo":
        return read_woocommerce(table, seen=seen, today=clock.today())
    if kind == "plain":
        return read_plain(table, seen=seen, mapping=mapping, key=key)
    raise Refused(f"The format {kind} is unknown; it may be {', '.join(FORMATS)}.")


def _about_currency(given: str | None, ours: str) -> Iterator[str]:
    """Numbers of another currency are taken as they stand, which somebody has to know."""
    if given and given != ours:
        if exponent(given) != exponent(ours):
            raise Refused(f"The shop sells in {ours}, and {given} counts with other decimals; convert the prices first.")
        yield f"Prices are in {given} and the shop sells in {ours}: the numbers are taken as they stand. Check them."


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, BATCH)):
        yield batch


def _line(one: Outcome | Item) -> str:
    if isinstance(one, Rejected):
        return f"row {one.row}  rejected  {one.handle}  {one.field}: {one.sentence}"
    if isinstance(one, Noted):
        return f"row {one.row}  note      {one.handle}  {one.field}: {one.sentence}"
    if isinstance(one, Outcome) and one.kind != SAME:
        told = "; ".join(one.changes) or one.name
        return f"row {one.row}  {one.kind:<8}  {one.handle}  {told}"
    return ""


def _summary(report: Report, *, dry_run: bool) -> Iterator[str]:
    counts = ", ".join(f"{report.products[kind]} {kind}" for kind in (NEW, CHANGED, SAME))
    yield f"{counts}, {report.rejected_products} rejected."
    read = report.readings
    yield f"Ingredients: {read['assessed']} assessed, {read['partly']} partly, {read['unknown']} not assessed."
    if dry_run:
        yield "Dry run: nothing was saved."
