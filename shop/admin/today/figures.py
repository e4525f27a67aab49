"""The day in figures: each is a list somewhere, and a figure of nothing is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from shop.accounts.people import Person
from shop.admin.navigation import MOST_COUNTED, counted, open_entries
from shop.core import clock
from shop.core.db import db
from shop.core.money import money
from shop.inventory.reporting import ending_soon, running_low
from shop.orders.finding import Wanted, count_orders
from shop.orders.models import Order

WEEK_DAYS = 7


@dataclass(frozen=True)
class Figure:
    number: str
    words: str
    path: str


def figures(person: Person) -> list[Figure]:
    """Those of the desks this person has."""
    found: list[Figure] = []
    if person.can("reports"):
        found += _sales()
    if person.can("orders"):
        found += _orders()
    if person.can("stock"):
        found += _counted("running low", "/admin/stock?view=low", len(running_low()))
        found += _counted("ending soon", "/admin/stock?view=ending", len(ending_soon()))
    if person.can("attention"):
        found += _counted("waiting for a person", "/admin/attention", open_entries())
    return found


def _sales() -> Iterator[Figure]:
    """What was placed today and in the last seven days, as counted by the clinic's wall."""
    today = clock.today()
    for days, words in ((1, "sold today"), (WEEK_DAYS, "sold in 7 days")):
        since = today - timedelta(days=days - 1)
        total, currency = func.sum(Order.total_minor), func.min(Order.currency)
        row = db.session.execute(select(total, currency).where(Order.placed_at >= clock.local_midnight(since))).one()
        if row[0]:
            yield Figure(money(int(row[0]), row[1]), words, f"/admin/orders?since={since.isoformat()}")


def _orders() -> Iterator[Figure]:
    places = (
        ("to send or get ready", "fulfilment=to-send", Wanted(fulfilment="to-send")),
        ("ready to collect", "fulfilment=ready", Wanted(fulfilment="ready")),
        ("waiting for payment", "state=open", Wanted(state="open")),
    )
    for words, query, wanted in places:
        yield from _counted(words, f"/admin/orders?{query}", count_orders(wanted, most=MOST_COUNTED))


def _counted(words: str, path: str, count: int) -> Iterator[Figure]:
    number = counted(count)
    if number:
        yield Figure(number, words, path)
