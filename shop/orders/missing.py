"""The shelf is empty though the counters say otherwise: the shelf is put right, and the client is told at once what happens.

Five ways out: the goods come later (the rest waits, or leaves now), something else goes in their place with the
client's consent, the client is asked for it, or the line is paid back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from shop.core import clock
from shop.core.db import changed, db, one_or_404
from shop.core.errors import Conflict, Refused
from shop.core.history import history_of, record
from shop.core.mail import send
from shop.core.templating import day
from shop.inventory import holding
from shop.inventory.finding import get_article
from shop.inventory.models import Stock
from shop.inventory.receiving import adjust
from shop.orders.filing import order_link
from shop.orders.instead import ask, put_instead, shelf_of_other
from shop.orders.models import Order, OrderLine
from shop.orders.splitting import apart, units_here
from shop.orders.withdrawing import withdraw

WAYS = ("wait", "split", "substitute", "ask", "refund")
ASKED = "Please say yes or no on the page of your order. Until then what you ordered waits for you."
AXIS = "missing"
REASON = "Not on the shelf"


@dataclass(frozen=True)
class Way:
    """What is done: `until` when it comes later, `sku` and `agreed` (how the client said yes) for something else."""

    name: str
    until: date | None = None
    sku: str = ""
    agreed: str = ""


def not_there(order: Order, line_id: int, *, units: int, way: Way, cause: str, by: str, corrects: bool = True) -> None:
    """So many units of a line are not on the shelf. The same cause twice is one finding. Locks the order.

    `corrects` takes them off the stock as well. Raises Refused for a way that is not complete, Conflict when they left.
    """
    changed(update(Order).where(Order.id == order.id).values(state=Order.state))
    line = one_or_404(select(OrderLine).where(OrderLine.id == line_id, OrderLine.order_id == order.id), "No such line.")
    if any((row.details or {}).get("cause") == cause for row in history_of(f"order:{order.number}")):
        return
    if order.state != "placed" or line.stock_id is None or not units_here(line):
        raise Conflict("Nothing of this line waits on the shelf.")
    _refuse(way)
    line = apart(line, units)
    shelf_id, name = line.stock_id or 0, line.name
    words = _do(order, line, way, cause=cause, by=by)
    if corrects:
        stock = db.session.get_one(Stock, shelf_id, populate_existing=True)
        adjust(stock, units=-units, cause=f"missing:{cause}", by=by, reason=f"{REASON}: {order.number}")
    details = {"cause": cause, "units": units, "agreed": way.agreed}
    record(f"order:{order.number}", axis=AXIS, was=None, now=way.name, by=by, note=f"{units} × {name}", details=details)
    if way.name != "refund":  # a refund brings its own receipt
        tell(order, words, key=f"missing:{cause}")


def tell(order: Order, words: str, *, key: str) -> None:
    """One e-mail about what has changed with an order."""
    subject = f"About your order {order.number}"
    facts = {"name": order.name, "number": order.number, "words": words, "link": order_link(order.number)}
    send("order_changed", to=order.email, subject=subject, key=key, **facts)


def _refuse(way: Way) -> None:
    if way.name not in WAYS:
        raise Refused("Choose what happens now.", field="way")
    if way.name in ("wait", "split") and (way.until is None or way.until <= clock.today()):
        raise Refused("Say on which day it is expected; it lies ahead.", field="until")
    if way.name == "substitute" and not way.agreed.strip():
        raise Refused("Write down how the client agreed, and when.", field="agreed")


def _do(order: Order, line: OrderLine, way: Way, *, cause: str, by: str) -> str:
    what = f"{line.quantity} × {line.name}"
    if way.name == "refund":
        withdraw(order, what=[f"line:{line.id}:here"], by=by, cause=f"missing:{cause}", reason=REASON)
        return ""
    if way.name == "substitute":
        return f"{what} was not on our shelf after all. As agreed, you get {_substitute(line, way, cause=cause, by=by)}."
    asked = ask(line, get_article(way.sku), cause=cause, by=by) if way.name == "ask" else ""
    _let_go(line, cause=cause, by=by)
    line.stock_id, line.expected_on = None, way.until
    db.session.flush()
    if asked:
        return f"{what} was not on our shelf after all. Would {asked} do instead, at the price you paid? {ASKED}"
    when = day(way.until or clock.today())
    rest = "Everything else leaves now" if way.name == "split" else "Your parcel leaves when it is complete"
    return f"{what} was not on our shelf after all. We expect it on {when}. {rest}."


def _let_go(line: OrderLine, *, cause: str, by: str) -> None:
    holding.deallocate([(line.stock_id or 0, units_here(line))], cause=f"missing:{cause}", by=by, reason=REASON)


def _substitute(line: OrderLine, way: Way, *, cause: str, by: str) -> str:
    """Another article at the price that was paid; says which."""
    variant = get_article(way.sku)
    stock, product = shelf_of_other(line, variant)
    units = units_here(line)
    holding.lock([line.stock_id or 0, stock.id])
    _let_go(line, cause=cause, by=by)
    put_instead(line, variant, stock, product, cause=cause, by=by)
    return f"{units} × {product.name} at the price you paid"
