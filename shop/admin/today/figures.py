"""The day in figures: each is a list somewhere, and a figure of nothing is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shop.accounts.people import Person
from shop.admin.navigation import MOST_COUNTED, counted, open_entries
from shop.inventory.reporting import ending_soon, running_low
from shop.orders.finding import Wanted, count_orders
from shop.reports.takings import Takings, takings, up_to_today


@dataclass(frozen=True)
class Figure:
    number: str
    words: str
    path: str


def figures(person: Person) -> list[Figure]:
    """What waits, at the desks this person has."""
    found: list[Figure] = []
    if person.can("orders"):
        found += _orders()
    if person.can("stock"):
        found += _counted("running low", "/admin/stock?view=low", len(running_low()))
        found += _counted("ending soon", "/admin/stock?view=ending", len(ending_soon()))
    if person.can("attention"):
        found += _counted("waiting for a person", "/admin/attention", open_entries())
    return found


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


def spans(person: Person) -> list[tuple[str, Takings]]:
    """Today, seven days and the month in figures, for who reads reports; nothing while nothing was sold or used."""
    if not person.can("reports"):
        return []
    found = [(words, takings(days)) for words, days in up_to_today().items()]
    return found if any((one.orders, one.sold, one.redeemed) != (0, 0, 0) for _, one in found) else []
