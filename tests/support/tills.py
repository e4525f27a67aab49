"""What the tests of money look at: the one order, its attempt, the books, and Stripe's side of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Select, func, select

from shop.catalog.models import Product, Variant
from shop.checking import all_differences
from shop.core.attention import AttentionEntry
from shop.core.db import Base, db
from shop.inventory.models import Stock
from shop.orders.models import Order
from shop.payments.models import InboxEvent, PaymentAttempt, PaymentEvent, Refund
from tests.support.paying import StandIn

Row = TypeVar("Row", bound=Base)


def sku_of(product: Product) -> str:
    return str(db.session.scalars(select(Variant.sku).where(Variant.product_id == product.id)).one())


def read(statement: Select[tuple[Row]]) -> list[Row]:
    """Rows read anew, as they are now; no transaction stays open behind them."""
    db.session.rollback()
    found = list(db.session.scalars(statement))
    for row in found:
        db.session.expunge(row)
    db.session.rollback()
    return found


def orders(state: str = "") -> list[Order]:
    """All orders, oldest first."""
    found = select(Order).order_by(Order.id)
    return read(found.where(Order.state == state) if state else found)


def the_order() -> Order:
    found = orders()
    assert len(found) == 1, [(order.number, order.state) for order in found]
    return found[0]


def attempts() -> list[PaymentAttempt]:
    return read(select(PaymentAttempt).order_by(PaymentAttempt.id))


def facts(kind: str = "") -> list[PaymentEvent]:
    """The money ledger, oldest first."""
    found = select(PaymentEvent).order_by(PaymentEvent.id)
    return read(found.where(PaymentEvent.kind == kind) if kind else found)


def refunds() -> list[Refund]:
    return read(select(Refund).order_by(Refund.id))


def entries(kind: str = "") -> list[AttentionEntry]:
    """What waits for a person."""
    found = select(AttentionEntry).order_by(AttentionEntry.id)
    return read(found.where(AttentionEntry.kind == kind) if kind else found)


def inbox() -> list[InboxEvent]:
    return read(select(InboxEvent).order_by(InboxEvent.received_at, InboxEvent.event_id))


def counters() -> tuple[int, int, int]:
    """(on hand, allocated, held) over all shelves."""
    db.session.rollback()
    sums = [func.coalesce(func.sum(column), 0) for column in (Stock.on_hand, Stock.allocated, Stock.held)]
    now = tuple(db.session.execute(select(*sums)).one())
    db.session.rollback()
    return now  # type: ignore[return-value]


def assert_clean() -> None:
    """Every counter is what its ledger adds up to."""
    db.session.rollback()
    assert all_differences() == []
    db.session.rollback()


def page_id(address: str) -> str:
    """Stripe's number of the payment page, from its address or from the way back."""
    parts = urlsplit(address)
    return parse_qs(parts.query)["session_id"][0] if parts.query else parts.path.rsplit("/", 1)[1]


def pages(standin: StandIn) -> list[dict[str, Any]]:
    """Stripe's payment pages, oldest first."""
    return standin.desk.all("checkout.session")


def forge(standin: StandIn, page: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """What Stripe would answer about this page, changed by somebody who holds our key."""
    with standin.desk._store.unit() as unit:
        body = unit.find("checkout.session", page)
        assert body is not None
        change(body)
        unit.save(body)


def taken_minor(standin: StandIn) -> int:
    """What Stripe holds of the clients' money: charges less refunds."""
    charges = [charge for charge in standin.desk.all("charge") if charge["status"] == "succeeded"]
    return sum(charge["amount"] - charge["amount_refunded"] for charge in charges)
