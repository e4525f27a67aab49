"""PREPARE and FINALIZE of an order: prices, words and stock are fixed first; the money then decides what it becomes.

An order is `open` while its payment page is open, `placed` once the money is in, `lapsed` when the page was left.
Each change is one compare-and-swap: of a webhook, a return page and a sweeper at the same moment exactly one wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, insert, select, update

from shop.bag import cards, code_uses, filling
from shop.bag.pricing import Sold
from shop.core import clock
from shop.core.db import changed, db
from shop.inventory import holding
from shop.inventory.holding import Promise
from shop.orders.models import Order, OrderLine
from shop.orders.numbers import draw_number
from shop.orders.rows import order_rows
from shop.terms.pricing import Priced

_lines: Any = OrderLine.__table__


@dataclass(frozen=True)
class Placed:
    """What the winner of the swap needs to go on; nothing of it is read a second time."""

    id: int
    number: str
    client_id: int | None
    has_sessions: bool
    holds: list[Promise]
    email: str
    card_minor: int = 0


def prepare(facts: dict[str, Any], priced: Priced, sold: dict[str, Sold]) -> Order:
    """Write the order down with every line and hold its stock. Raises SoldOut when somebody was quicker.

    `facts` are the order's own columns. A line served by two lots becomes two rows, each with its units' stored shares.
    """
    rows = list(order_rows(priced, sold))
    if sum(row["gross_minor"] for row in rows) != facts["total_minor"]:
        raise holding.SoldOut("Somebody was quicker: not enough of it is left.")  # the shelves serve too few units
    holds = holding.summed((row["stock_id"], row["quantity"]) for row in rows if row["stock_id"])
    order = Order(number=draw_number(), state="open", holds=[list(promise) for promise in holds], **facts)
    order.made_at = clock.now()
    db.session.add(order)
    db.session.flush()
    # by the table, not the class: rows of different kinds then go in one statement
    db.session.connection().execute(insert(_lines), [{"order_id": order.id, **row} for row in rows])
    holding.hold(holds)
    return order


def place(number: str, *, amount_minor: int, currency: str) -> Placed | None:
    """FINALIZE, first half: open → placed if this is exactly the order's total; None otherwise.

    The caller has checked, in the same transaction, that the order's own attempt brought the money.
    """
    return _placed(_PLACE, which=number, amount=amount_minor, money=currency)


def place_unpaid(number: str) -> Placed | None:
    """An order with nothing to pay, or paid by gift cards alone, is placed without Stripe."""
    return _swap(Order.number == number, Order.state == "open", Order.total_minor == Order.card_minor)


def place_late(number: str, *, amount_minor: int, currency: str) -> Placed | None:
    """Money for a lapsed order: honoured when the stock is still there. Raises SoldOut when it is not, CardEmpty."""
    exactly = (Order.number == number, Order.state == "lapsed", Order.total_minor - Order.card_minor == amount_minor)
    placed = _swap(*exactly, Order.currency == currency)
    if placed:
        holding.hold(placed.holds)
        code_uses.take_again(number)
        cards.spend_again(number)
    return placed


def was_replaced(order: Order) -> bool:
    """Whether the same bag has been paid for by a later order, or is about to be."""
    later = select(Order.id).where(Order.bag_id == order.bag_id, Order.id > order.id, Order.state.in_(("open", "placed")))
    return order.bag_id is not None and db.session.scalar(later.limit(1)) is not None


def lapse(number: str) -> bool:
    """open → lapsed, and its held units go back; False when it is no longer open."""
    left = update(Order).where(Order.number == number, Order.state == "open").values(state="lapsed")
    row = db.session.execute(_returning(left)).first()
    if row is None:
        return False
    promises = [(stock_id, units) for stock_id, units in row.holds]
    holding.release(promises)
    refresh_shelves(promises)
    if row.codes:
        code_uses.release(number)
    if row.card_minor:
        cards.release(number)
    return True


def refresh_shelves(promises: Iterable[Promise]) -> None:
    """The marks "can be bought" of everything on these stock rows."""
    from shop.inventory.models import Stock

    ids = [stock_id for stock_id, _ in promises]
    if ids:
        holding.refresh_in_stock(db.session.scalars(select(Stock.variant_id).where(Stock.id.in_(ids))))


def empty_bag_of(number: str) -> None:
    """Take out of the bag what this order bought; what went in later stays."""
    mine = select(Order.bag_id, Order.made_at, Order.promise)
    for bag_id, made_at, promise in db.session.execute(mine.where(Order.number == number, Order.bag_id.is_not(None))):
        filling.empty(bag_id, up_to=made_at, lines=promise.get("lines"))


def claim_for(order_id: int, client_id: int) -> None:
    """An order finds its client; one that has a client already keeps it."""
    changed(update(Order).where(Order.id == order_id, Order.client_id.is_(None)).values(client_id=client_id))


def _swap(*conditions: Any) -> Placed | None:
    return _placed(_won(*conditions))


def _won(*conditions: Any) -> Any:
    sends = case((Order.delivery == "none", "none"), else_="open")
    return _returning(update(Order).where(*conditions).values(state="placed", placed_at=bindparam("now"), fulfilment=sends))


def _placed(won: Any, **values: Any) -> Placed | None:
    row = db.session.execute(won, {"now": clock.now(), **values}).first()
    if row is None:
        return None
    holds = [(stock_id, units) for stock_id, units in row.holds]
    return Placed(row.id, row.number, row.client_id, row.has_sessions, holds, row.email, row.card_minor)


def _returning(statement: Any) -> Any:
    facts = (Order.id, Order.number, Order.client_id, Order.has_sessions, Order.holds, Order.email)
    wanted = statement.returning(*facts, Order.codes, Order.card_minor)
    return wanted.execution_options(synchronize_session=False)


# made once: every purchase asks it
_PLACE = _won(
    Order.number == bindparam("which"),
    Order.state == "open",
    Order.total_minor - Order.card_minor == bindparam("amount"),
    Order.currency == bindparam("money"),
)


def find(number: str) -> Order | None:
    return db.session.scalars(select(Order).where(Order.number == number)).first()
