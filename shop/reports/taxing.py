"""VAT of a month from the papers that were issued in it, rate by rate, and every paper for the accountant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.orders.models import Invoice
from shop.reports.spans import Month

SIGNS = {"invoice": 1, "credit_note": -1}
WORDS = {"invoice": "Invoice", "credit_note": "Credit note"}


@dataclass(frozen=True)
class Part:
    """What one paper says at one rate; a credit note's amounts are below nothing."""

    on: date
    number: str
    kind: str
    order: str
    country: str
    percent: str
    gross_minor: int
    vat_minor: int

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.vat_minor


@dataclass(frozen=True)
class Rate:
    percent: str
    sold_net_minor: int
    sold_vat_minor: int
    back_net_minor: int
    back_vat_minor: int

    @property
    def due_minor(self) -> int:
        return self.sold_vat_minor + self.back_vat_minor


def parts_of(month: Month) -> Iterator[Part]:
    """By the day they were issued and their number; one statement."""
    columns = (Invoice.number, Invoice.kind, Invoice.content, Invoice.issued_at)
    issued = select(*columns).where(Invoice.issued_at >= month.since, Invoice.issued_at < month.until)
    for row in db.session.execute(issued.order_by(Invoice.issued_at, Invoice.id)):
        yield from _parts(row)


def vat_rates(month: Month) -> list[Rate]:
    """The highest rate first."""
    sums: dict[str, list[int]] = {}
    for part in parts_of(month):
        row, at = sums.setdefault(part.percent, [0, 0, 0, 0]), 0 if part.kind == "invoice" else 2
        row[at] += part.net_minor
        row[at + 1] += part.vat_minor
    return [Rate(percent, *sums[percent]) for percent in sorted(sums, key=Decimal, reverse=True)]


def _parts(row: Any) -> Iterator[Part]:
    sign, on = SIGNS[row.kind], clock.local(row.issued_at).date()
    facts = {"on": on, "number": row.number, "kind": row.kind, "order": row.content["order"]}
    for rate in row.content["rates"]:
        money = {"gross_minor": sign * rate["gross_minor"], "vat_minor": sign * rate["vat_minor"]}
        yield Part(country=row.content["buyer"]["country"], percent=str(rate["percent"]), **facts, **money)
