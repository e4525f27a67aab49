"""Gift cards that were sold before the shop began: what is left on each is owed, and the number on the card keeps working."""

from __future__ import annotations

import csv
from collections.abc import Collection
from io import StringIO
from pathlib import Path

from sqlalchemy import select

from shop.bag.card_codes import hashed, tidy_old
from shop.bag.cards import find_by_code, issue
from shop.bag.models import GiftCard
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.money import money
from shop.imports.moving.shapes import NEW, SAME, Facts, amount, needed
from shop.imports.reading import Line, open_table

COLUMNS = ("number", "balance", "for_name", "from_name")
EXAMPLE = ("GV-2231-8846", "75.00", "Nora Beck", "Ben Beck")
SHORT = "The number on a card has eight to twenty-four letters and figures; a shorter one is guessed."


def bring(line: Line, facts: Facts) -> tuple[str, str]:
    """Returns (new or same, the words for it, which never hold the number). Raises Refused."""
    code = tidy_old(needed(line, "number"))
    if not code:
        raise Refused(SHORT, field="number")
    minor = amount(line, "balance", facts.currency)
    if minor < 1:
        raise Refused("A card with nothing on it stays behind.", field="balance")
    words = f"A card ending {code[-4:]}: {money(minor, facts.currency)}"
    cause = f"moved-in:gift-card:{hashed(code)}"
    if cause in facts.seen:
        raise Refused("This card stands in the file twice.", field="number")
    facts.seen.add(cause)
    if db.session.scalar(select(GiftCard.id).where(GiftCard.cause == cause)) is not None:
        return SAME, words
    if find_by_code(code) is not None:
        raise Refused("A card of this shop has that number already.", field="number")
    names = {"for_name": line.get("for_name")[:120], "from_name": line.get("from_name")[:120]}
    issue(minor, currency=facts.currency, cause=cause, by=facts.by, kind="bring", code=code, **names)
    return NEW, words


def without_numbers(path: Path, kept: Collection[int]) -> bytes:
    """The file as it is stored once it was applied: numbers are money, so only the rows that stayed out (`kept`) hold theirs."""
    table, out = open_table(path), StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    for line in table.lines():
        cells = {name.casefold(): line.cells.get(name.casefold(), "") for name in table.columns}
        if line.row not in kept:
            cells["number"] = f"… {cells['number'][-4:]}"
        writer.writerow([cells[name.casefold()] for name in table.columns])
    return out.getvalue().encode("utf-8-sig")
