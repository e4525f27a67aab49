"""Years of a clinic beside a catalogue: clients with sessions and their ledger, orders with their money, movements of stock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, text

from bench.catalogue import BATCH, write
from shop.accounts.models import Client
from shop.inventory.models import StockMovement
from shop.orders.models import Order, OrderLine
from shop.payments.models import PaymentEvent
from shop.wallet.models import Credit, CreditMove

DAYS = 700
SESSIONS, EACH_MINOR, EACH_VAT = 10, 9000, 1500
TABLES = (Client, Credit, CreditMove, Order, OrderLine, PaymentEvent, StockMovement)
Rows = Iterator[dict[str, Any]]


def fill_clinic(
    connection: Connection, *, products: int, clients: int, credits: int, orders: int, movements: int, now: datetime
) -> None:
    """On a PostgreSQL that holds the catalogue: ten rows of ledger for each credit, one line and one payment for each order."""
    drawn, began = Random(orders), now - timedelta(days=DAYS)

    def day(n: int, of: int) -> datetime:
        return began + timedelta(days=DAYS * n / (of + 1), minutes=drawn.randint(0, 59))

    _batches(connection, Client, clients, lambda n: _client(n, day(n, clients)))
    _batches(connection, Credit, credits, lambda n: _credit(n, n % clients + 1, day(n, credits)))
    for first in range(1, credits + 1, BATCH // SESSIONS):
        ids = range(first, min(first + BATCH // SESSIONS, credits + 1))
        write(connection, CreditMove, [move for n in ids for move in _moves(n, day(n, credits), now)])
    _batches(connection, Order, orders, lambda n: _order(n, n % clients + 1, day(n, orders)))
    _batches(connection, OrderLine, orders, lambda n: _line(n, n * 7919 % products + 1))
    _batches(connection, PaymentEvent, orders, lambda n: _payment(n, day(n, orders)))
    _batches(
        connection, StockMovement, movements, lambda n: _dispatch(n, n * 7919 % products + 1, day(n, movements)), products
    )
    for model in TABLES:
        name = model.__tablename__
        connection.execute(
            text(f"select setval(pg_get_serial_sequence('{name}', 'id'), (select max(id) + 1 from \"{name}\"), false)")
        )


def _batches(connection: Connection, model: Any, count: int, made: Callable[[int], dict[str, Any]], after: int = 0) -> None:
    for first in range(after + 1, after + count + 1, BATCH):
        write(connection, model, [made(n) for n in range(first, min(first + BATCH, after + count + 1))])


def _client(n: int, at: datetime) -> dict[str, Any]:
    return {"id": n, "name": f"Client {n}", "email": f"client{n}@example.com", "phone": "", "made_at": at}


def _credit(n: int, client: int, at: datetime) -> dict[str, Any]:
    used = n % 4
    return {
        "id": n,
        "code": f"C{n:07}",
        "client_id": client,
        "kind": "sessions",
        "package_id": 1,
        "treatment_id": 1,
        "name": "Six sessions",
        "statement_name": "Skin sessions (6)",
        "area": "face",
        "gaps": [[7, 14]] * (SESSIONS - 1),
        "granted": SESSIONS,
        "free": SESSIONS - used,
        "held": 0,
        "used": used,
        "reserved": 0,
        "units": [[0, EACH_MINOR, EACH_VAT]] * SESSIONS,
        "currency": "GBP",
        "bought_on": at.date(),
        "expires_on": (at + timedelta(days=DAYS * 2)).date(),
        "extensions": 0,
        "order_number": None,
        "cause": f"bench-credit:{n}",
        "made_at": at,
    }


def _moves(n: int, at: datetime, now: datetime) -> Rows:
    """A grant, then visits booked, moved and used: ten rows that come to the counters of the credit."""
    used = n % 4
    kinds = ["grant", *["book", "redeem"] * used]
    kinds += ["book", "release"] * ((SESSIONS - len(kinds)) // 2)
    kinds += ["extend"] * (SESSIONS - len(kinds))
    apart = min(timedelta(days=7), (now - at) / SESSIONS)  # what was bought lately was used in a hurry, not all today
    for place, kind in enumerate(kinds):
        sessions = SESSIONS if kind == "grant" else 0 if kind == "extend" else 1
        yield {
            "credit_id": n,
            "kind": kind,
            "sessions": sessions,
            "gross_minor": sessions * EACH_MINOR,
            "vat_minor": sessions * EACH_VAT,
            "expires_on": (at + timedelta(days=DAYS * 2)).date() if kind in ("grant", "extend") else None,
            "cause": f"bench-move:{n}:{place}",
            "by": "bench",
            "reason": "",
            "at": at + apart * place,
        }


def _order(n: int, client: int, at: datetime) -> dict[str, Any]:
    waits = n % 500 == 0
    address = {"line1": "1 Quiet Lane", "line2": "", "city": "London", "postcode": "N1 9GU", "country": "GB"}
    return {
        "id": n,
        "number": f"AG-{n:08}",
        "client_id": client,
        "state": "placed",
        "fulfilment": "open" if waits else "done",
        "email": f"client{client}@example.com",
        "name": f"Client {client}",
        "phone": "",
        "delivery": "ship",
        "address": address,
        "country": "GB",
        "jurisdiction": "uk",
        "currency": "GBP",
        "goods_minor": 4200,
        "sessions_minor": 0,
        "delivery_minor": 0,
        "discount_minor": 0,
        "codes": [],
        "total_minor": 4200,
        "vat_minor": 700,
        "has_sessions": False,
        "consents": [],
        "promise": {},
        "holds": [],
        "made_at": at,
        "placed_at": at,
    }


def _line(n: int, product: int) -> dict[str, Any]:
    return {
        "id": n,
        "order_id": n,
        "position": 1,
        "kind": "variant",
        "variant_id": product,
        "stock_id": product,
        "name": f"Product {product}",
        "statement_name": f"Product {product}",
        "details": {"sku": f"AG-{product:06}"},
        "quantity": 1,
        "list_minor": 4200,
        "gross_minor": 4200,
        "vat_percent": "20",
        "vat_minor": 700,
        "unit_gross": [4200],
        "unit_vat": [700],
        "done": 0 if n % 500 == 0 else 1,
        "called_off": 0,
    }


def _payment(n: int, at: datetime) -> dict[str, Any]:
    return {
        "id": n,
        "order_number": f"AG-{n:08}",
        "kind": "captured",
        "tender": "stripe",
        "amount_minor": 4200,
        "currency": "GBP",
        "reference": f"captured:bench:{n}",
        "by": "stripe",
        "at": at,
    }


def _dispatch(n: int, stock: int, at: datetime) -> dict[str, Any]:
    row = {"id": n, "stock_id": stock, "kind": "dispatch", "on_hand_change": -1, "allocated_change": 0}
    return {**row, "cause": f"dispatch:bench:{n}", "by": "bench", "reason": None, "at": at}
