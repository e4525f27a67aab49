"""What calling off an order, or a part of it, would pay back today: at once, and with goods that still have to come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from shop.core.db import db
from shop.core.errors import Refused
from shop.core.money import money, split
from shop.core.units import Part, pools, take_newest
from shop.orders.contents import Content, Entry, charge_of, read_content
from shop.orders.models import Order, OrderLine
from shop.orders.refunding import refundable_minor
from shop.payments.ledger import has_open_dispute
from shop.terms.cancellation import cancel
from shop.terms.contracts import Outcome, Said

Row = dict[str, Any]
Orders = dict[str, tuple[str | None, str]]  # {charge: (its order, the VAT rate of its line)}
ON_RETURN = "Paid back when it has come back unopened."
PAID_BEFORE = "So much of it was paid back before."


@dataclass(frozen=True)
class Line:
    """One line of the explanation; `waits` until goods have come back."""

    key: str
    what: str
    statement: str
    minor: int
    why: str
    waits: bool


@dataclass(frozen=True)
class Prospect:
    """`now` and `waiting` are stored shares as rows of a refund, each with its charge, its order and its entry."""

    content: Content
    chosen: frozenset[str]
    outcome: Outcome
    lines: tuple[Line, ...]
    now: tuple[Row, ...]
    waiting: tuple[Row, ...]
    goodwill_minor: int
    is_disputed: bool

    @property
    def refund_minor(self) -> int:
        """What goes back at once."""
        return sum(row["gross_minor"] for row in self.now)

    @property
    def waiting_minor(self) -> int:
        return sum(row["gross_minor"] for row in self.waiting)

    @property
    def vat_minor(self) -> int:
        return sum(row["vat_minor"] for row in self.now)

    @property
    def total_minor(self) -> int:
        return self.refund_minor + self.waiting_minor

    @property
    def is_statutory(self) -> bool:
        """The days of withdrawal are not over."""
        return self.outcome.window.is_open(self.content.facts.cancelled_on)

    @property
    def entries(self) -> list[Entry]:
        return [entry for entry in self.content.entries if entry.key in self.chosen]

    @property
    def is_whole(self) -> bool:
        """Nothing that could still be called off is kept."""
        return all(entry.key in self.chosen for entry in self.content.entries if entry.item.kind != "delivery")


def preview(
    order: Order, *, what: Collection[str] | None = None, on: date | None = None, goodwill_minor: int = 0
) -> Prospect:
    """`what` are keys of entries, all when None; an add-on always goes with its package. Changes nothing.

    Raises Refused for goodwill above what was paid.
    """
    content = read_content(order, on=on)
    chosen = _closed(content, what)
    items = [replace(entry.item, is_kept=not _goes(entry, chosen)) for entry in content.entries]
    outcome = cancel([*items, *content.over], content.facts)
    orders = _orders_of(content)
    rows = list(_rows(content, outcome, orders))
    disputed = any(has_open_dispute(number) for number in {order.number, *(row["order"] for row in rows if row["order"])})
    kept = _capped(rows, lambda number: None if disputed else refundable_minor(number))
    if goodwill_minor:
        kept += _goodwill(content, rows, orders, goodwill_minor, room=refundable_minor(order.number) - _sum(kept))
    chosen |= {row["key"] for row in rows if content[row["key"]].item.kind == "delivery"}
    return Prospect(
        content=content,
        chosen=chosen,
        outcome=outcome,
        lines=(*_lines(content, outcome, rows), *_shortened(rows, kept)),
        now=tuple(row for row in kept if not row["waits"]),
        waiting=tuple(row for row in kept if row["waits"]),
        goodwill_minor=goodwill_minor,
        is_disputed=disputed,
    )


def _closed(content: Content, what: Collection[str] | None) -> frozenset[str]:
    known = {entry.key for entry in content.entries if entry.item.kind != "delivery"}
    if what is None:
        return frozenset(known)
    wanted = set(what) & known
    return frozenset(wanted | {entry.key for entry in content.entries if entry.parent in wanted})


def _goes(entry: Entry, chosen: frozenset[str]) -> bool:
    return entry.key in chosen or entry.item.kind == "delivery"


def _orders_of(content: Content) -> Orders:
    """An upgraded series was paid by several orders."""
    own: Orders = {charge_of(entry.line): (content.order.number, entry.line.vat_percent) for entry in content.entries}
    charges = {part.charge for entry in content.entries for unit in entry.item.units for part in unit.parts}
    ids = [int(charge.partition(":")[2]) for charge in charges - set(own) if charge.startswith("order-line:")]
    if not ids:
        return own
    others = select(OrderLine.id, Order.number, OrderLine.vat_percent).join(Order, Order.id == OrderLine.order_id)
    rows = db.session.execute(others.where(OrderLine.id.in_(ids)))
    return own | {f"order-line:{line_id}": (number, percent) for line_id, number, percent in rows}


def _rows(content: Content, outcome: Outcome, orders: Orders) -> Iterator[Row]:
    """Delivery waits with the last of the goods that have to come back."""
    back = dict(zip((item.key for item in outcome.items), outcome.items, strict=True))
    comes_back = any(back[e.key].parts for e in content.entries if e.item.kind == "goods" and not e.is_here)
    comes_back = comes_back or content.has_waiting
    for entry in content.entries:
        waits = comes_back if entry.item.kind == "delivery" else not entry.is_here
        for part in back[entry.key].parts:
            yield _row(entry, part, orders, waits=waits)


def _row(entry: Entry, part: Part, orders: Orders, *, waits: bool) -> Row:
    number, percent = orders.get(part.charge, (None, entry.line.vat_percent))
    item = entry.item
    rates = entry.line.details.get("rates") if item.kind == "delivery" else None
    return {
        "key": entry.key,
        "charge": part.charge,
        "order": number,
        "what": entry.statement,
        "quantity": max(1, len(item.left) if item.kind == "sessions" else len(item.units)),
        "gross_minor": part.gross_minor,
        "vat_minor": part.vat_minor,
        "vat_percent": percent,
        "rates": rates,
        "waits": waits,
    }


def _capped(rows: list[Row], ceiling_of: Any) -> list[Row]:
    """No order pays back more than is left of what it took; what goes back at once comes first."""
    left: dict[str | None, int] = {}
    kept = []
    for row in sorted(rows, key=lambda row: row["waits"]):
        number = row["order"]
        if number is not None and number not in left:
            ceiling = ceiling_of(number)
            left[number] = _sum(rows) if ceiling is None else ceiling
        gross = min(row["gross_minor"], left.get(number, row["gross_minor"]))
        if number is not None:
            left[number] -= gross
        if gross:
            kept.append(_share(row, gross))
    return kept


def _share(row: Row, gross_minor: int) -> Row:
    if gross_minor == row["gross_minor"]:
        return row
    vat = split(row["vat_minor"], [gross_minor, row["gross_minor"] - gross_minor])[0]
    return row | {"gross_minor": gross_minor, "vat_minor": vat, "rates": None}


def _goodwill(content: Content, rows: list[Row], orders: Orders, amount_minor: int, *, room: int) -> list[Row]:
    """Above the law, out of what the client would have kept paying for: newest charge first, within this order."""
    if amount_minor < 0 or amount_minor > room:
        most = money(max(room, 0), content.facts.currency)
        raise Refused(f"At most {most} more can be paid back; the rest was never paid.", field="goodwill")
    due = Counter[str]()
    for row in rows:
        due[row["charge"]] += row["gross_minor"]
    paid = pools(unit for entry in content.entries for unit in entry.item.units)
    own = [part for part in paid if orders.get(part.charge, (None, ""))[0] == content.order.number]
    left = [take_newest([part], due[part.charge])[0] for part in own]
    taken = take_newest([part for stays in left for part in stays], amount_minor)[1]
    missing = amount_minor - sum(part.gross_minor for part in taken)
    parts = [*taken, *([Part("", missing, 0)] if missing else [])]
    base = {"key": "", "order": content.order.number, "what": "Goodwill", "quantity": 1, "rates": None, "waits": False}
    return [
        base
        | {"charge": p.charge, "gross_minor": p.gross_minor, "vat_minor": p.vat_minor}
        | {"vat_percent": orders.get(p.charge, (None, "0"))[1]}
        for p in parts
    ]


def _lines(content: Content, outcome: Outcome, rows: list[Row]) -> Iterator[Line]:
    waits = {row["key"] for row in rows if row["waits"]}
    entries = {entry.key: entry for entry in content.entries}
    for back in outcome.items:
        if back.key in entries:
            yield from (_line(entries[back.key], said, waits=back.key in waits) for said in back.said)


def _line(entry: Entry, said: Said, *, waits: bool) -> Line:
    statement = said.what.replace(entry.name, entry.statement, 1)
    why = ON_RETURN if waits and entry.item.kind == "goods" else said.why
    return Line(entry.key, said.what, statement, said.minor, why, waits)


def _shortened(rows: list[Row], kept: list[Row]) -> Iterator[Line]:
    missing = _sum(rows) - _sum([row for row in kept if row["key"]])
    if missing:
        yield Line("", "Paid back before", "Paid back before", -missing, PAID_BEFORE, False)


def _sum(rows: list[Row]) -> int:
    return sum(int(row["gross_minor"]) for row in rows)
