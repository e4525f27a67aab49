"""What happened to an order, oldest first: its own dates, its money, its history and its papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from shop.admin.orders.words import EVENTS, LEFT
from shop.admin.people import names_of
from shop.core.history import HistoryRow
from shop.core.money import money
from shop.orders.models import Invoice, Order
from shop.orders.showing import TENDERS
from shop.payments.models import PaymentEvent

MADE = {
    "missing": {
        "wait": "Not on the shelf: the parcel waits for it",
        "split": "Not on the shelf: it follows",
        "substitute": "Not on the shelf: something else instead",
        "ask": "Not on the shelf: the client is asked about something else",
        "refund": "Not on the shelf: paid back",
    },
    "instead": {
        "yes": "The client says yes: something else goes",
        "no": "The client says no: it waits",
        "gone": "The client says yes, but the other article is gone",
    },
    "change": {"taken apart": "Not paid: changed at the till"},
    "owed": {"on the shelf": "Here again, promised from the shelf"},
    "replacement": {"lost": "Lost on the way: sent again", "damaged": "Damaged: sent again", "wrong": "Wrong: sent again"},
}
INVOICES = {"invoice": "Invoice {}", "credit_note": "Credit note {}"}


@dataclass(frozen=True)
class Moment:
    at: datetime
    words: str
    by: str
    note: str = ""


def timeline(
    order: Order, *, events: Sequence[PaymentEvent], history: Sequence[HistoryRow], invoices: Sequence[Invoice]
) -> list[Moment]:
    """One statement, for the names of those who acted."""
    found = [*_own(order), *_paid(events), *_told(order, history), *_papers(invoices)]
    names = names_of(moment.by for moment in found)
    named = [Moment(m.at, m.words, names.get(m.by, ""), m.note) for m in found]
    return sorted(named, key=lambda moment: moment.at)


def _own(order: Order) -> Iterator[Moment]:
    yield Moment(order.made_at, "Went to the payment page", "guest")
    if order.placed_at:
        yield Moment(order.placed_at, "Order placed", "")


def _paid(events: Sequence[PaymentEvent]) -> Iterator[Moment]:
    for event in events:
        words = EVENTS.get(event.kind, event.kind.replace("_", " ") + ": {amount}")
        amount, tender = money(event.amount_minor, event.currency), TENDERS.get(event.tender, event.tender)
        yield Moment(event.at, words.format(amount=amount, tender=tender.lower()), event.by, event.note or "")


def _told(order: Order, history: Sequence[HistoryRow]) -> Iterator[Moment]:
    for row in history:
        yield Moment(row.at, _words(order, row), row.by, row.note or "")


def _words(order: Order, row: HistoryRow) -> str:
    if row.axis == "note":
        return "Note"
    if row.axis == "shelf":
        return "Ready to collect, the client was told"
    if row.axis == "refund":
        return "A refund was asked for"
    if row.axis in MADE:
        return MADE[row.axis].get(row.now or "", row.axis.capitalize())
    if row.axis == "lot":
        return f"Lot {row.now} instead of {row.was}"
    if row.axis == "fulfilment" and row.now == "part":
        return "A part left"
    if row.axis == "fulfilment" and row.now == "done":
        return LEFT.get(order.delivery, ("Left", ""))[0]
    return f"{row.axis.replace('_', ' ').capitalize()}: {row.now or 'none'}"


def _papers(invoices: Sequence[Invoice]) -> Iterator[Moment]:
    for invoice in invoices:
        yield Moment(invoice.issued_at, INVOICES[invoice.kind].format(invoice.number), "")
