"""What a row of a moving-in table is read with: every value with its sentence, nothing guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from shop.accounts.models import Client
from shop.catalog.models import Package
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.money import parse_minor
from shop.imports.reading import Line

NEW, CHANGED, SAME = "new", "changed", "same"
MOST = 1_000_000


@dataclass
class Facts:
    """What holds for the whole file; `seen` is what rows before this one brought, also in a dry run."""

    currency: str
    by: str
    dry_run: bool
    seen: set[str] = field(default_factory=set)


def needed(line: Line, column: str) -> str:
    value = line.get(column)
    if not value:
        raise Refused("This cannot be empty.", field=column)
    return value


def whole(line: Line, column: str, *, least: int = 1) -> int:
    text = needed(line, column)
    if not text.isascii() or not text.isdecimal() or not least <= int(text[:9]) <= MOST or len(text) > 7:
        raise Refused(f"“{text[:40]}” is no whole number from {least} to {MOST:,}.", field=column)
    return int(text)


def amount(line: Line, column: str, currency: str) -> int:
    try:
        return parse_minor(needed(line, column), currency)
    except Refused as refused:
        raise Refused(refused.sentence, field=column) from None


def day(line: Line, column: str) -> date:
    """Year first: 2026-11-30. The other orders mean different days in different countries."""
    text = needed(line, column)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"“{text[:40]}” is no day: write the year first, 2026-11-30.", field=column) from None


def wall_time(line: Line, column: str) -> datetime:
    """The clinic's own wall clock: 2026-11-30 14:15. Raises Refused for an hour that a clock change leaves out."""
    text = needed(line, column)
    try:
        naive = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"“{text[:40]}” is no time: write 2026-11-30 14:15.", field=column) from None
    if naive.tzinfo is not None:
        return naive
    found = clock.at_local(naive.date(), naive.time())
    if clock.local(found).replace(tzinfo=None) != naive:
        raise Refused(f"{text[:40]} does not exist: the clocks change then.", field=column)
    return found


def client_of(line: Line, column: str = "client") -> Client:
    """By e-mail address, else by a name that only one client has."""
    text = needed(line, column)
    same = Client.email == text.lower() if "@" in text else Client.name == text
    found = db.session.scalars(select(Client).where(same).order_by(Client.id).limit(2)).all()
    if not found:
        raise Refused(f"“{text[:80]}” is no client here yet: bring the clients in first.", field=column)
    if len(found) > 1:
        raise Refused(f"Two clients are called {text[:80]}: give the e-mail address.", field=column)
    return found[0]


def package_of(line: Line, column: str = "package") -> Package:
    """By the last part of its address, or by its whole name."""
    text = needed(line, column)
    rows = select(Package).where((Package.slug == text) | (Package.name == text)).limit(2)
    found = db.session.scalars(rows).all()
    if len(found) != 1:
        told = "names two packages: give the last part of its address" if found else "is no package of this shop"
        raise Refused(f"“{text[:80]}” {told}.", field=column)
    return found[0]
