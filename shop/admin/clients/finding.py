"""A client is found by what they say on the telephone: a name, an address, a number, an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from shop.accounts.assigning import Reader, seen_by
from shop.accounts.models import Client
from shop.core.db import db
from shop.core.settings import setting
from shop.orders.models import Order

PER_PAGE = 50
LEAST_FIGURES = 4


@dataclass(frozen=True)
class Page:
    """(client, how many placed orders), newest first."""

    rows: list[tuple[Client, int]]
    after: int | None


def find_clients(q: str = "", *, after: int | None = None, limit: int = PER_PAGE, reader: Reader | None = None) -> Page:
    """Two statements however many there are. Erased people are not found, nor those that are not the reader's to see."""
    asked = select(Client).where(Client.erased_at.is_(None))
    if reader is not None:
        asked = asked.where(seen_by(reader, Client.id))
    if q:
        asked = asked.where(_matching(q))
    if after is not None:
        asked = asked.where(Client.id < after)
    found = list(db.session.scalars(asked.order_by(Client.id.desc()).limit(limit + 1)))
    shown = found[:limit]
    counts = select(Order.client_id, func.count()).where(Order.client_id.in_([client.id for client in shown]))
    placed = {
        key: int(n) for key, n in db.session.execute(counts.where(Order.placed_at.is_not(None)).group_by(Order.client_id))
    }
    return Page([(client, placed.get(client.id, 0)) for client in shown], shown[-1].id if len(found) > limit else None)


def _matching(q: str) -> Any:
    lower, figures = q.lower(), "".join(sign for sign in q if sign.isascii() and sign.isdigit())
    if "@" in q:
        return func.lower(Client.email).contains(lower, autoescape=True)
    either = [func.lower(column).contains(lower, autoescape=True) for column in (Client.name, Client.email)]
    if len(figures) >= LEAST_FIGURES and not any(sign.isalpha() for sign in q):
        bare = func.replace(func.replace(Client.phone, " ", ""), "-", "")
        either.append(bare.contains(figures.removeprefix("44").lstrip("0") or figures, autoescape=True))
    numbers = [q.upper(), setting("orders.number_prefix") + q.upper()]
    either.append(Client.id.in_(select(Order.client_id).where(Order.number.in_(numbers))))
    return or_(*either)
