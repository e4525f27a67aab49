"""Goods of an order that was called off come back: unopened ones are paid back by their stored share, opened ones are not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from shop.core.db import changed, db
from shop.core.errors import Conflict, NotFound, Refused
from shop.core.history import HistoryRow, record
from shop.inventory.models import Stock
from shop.inventory.receiving import adjust
from shop.orders.models import Order, OrderLine, Withdrawal
from shop.orders.sending_back import Row, send_back
from shop.orders.taking_out import withdrawals_of

STATES = ("unopened", "opened")
AXIS = "return"


@dataclass(frozen=True)
class Waiting:
    """Goods that were called off and have not come back yet."""

    withdrawal: Withdrawal
    key: str
    name: str
    quantity: int
    minor: int


def waiting_goods(order: Order) -> list[Waiting]:
    """Everything of this order that may still come back, oldest first."""
    settled = _settled(order)
    return [
        Waiting(withdrawal, row["key"], row["what"], row["quantity"], row["gross_minor"])
        for withdrawal in withdrawals_of(order)
        for row in withdrawal.waiting
        if not _is_delivery(withdrawal, row) and (withdrawal.code, row["key"]) not in settled
    ]


def come_back(order: Order, *, code: str, key: str, state: str, to_shelf: bool, by: str) -> None:
    """One line of goods is here again. Unopened it is paid back, with delivery once all of it came back so.

    Raises NotFound for goods that nobody waits for, Conflict when they were taken in before.
    """
    if state not in STATES:
        raise Refused("Say whether it was opened.", field="state")
    changed(update(Order).where(Order.id == order.id).values(state=Order.state))
    withdrawal = next((one for one in withdrawals_of(order) if one.code == code), None)
    rows = [row for row in withdrawal.waiting if row["key"] == key] if withdrawal else []
    if withdrawal is None or not rows or _is_delivery(withdrawal, rows[0]):
        raise NotFound("Nobody waits for these goods.")
    settled = _settled(order)
    if (code, key) in settled:
        raise Conflict("These goods were taken in before.")
    details = {"withdrawal": code, "key": key}
    record(f"order:{order.number}", axis=AXIS, was=None, now=state, by=by, note=rows[0]["what"], details=details)
    if state == "unopened":
        send_back(rows, cause=f"return:{code}:{key}", reason="Came back unopened", by=by)
        if to_shelf:
            _shelve(rows[0], cause=f"return:{code}:{key}", by=by)
    _pay_delivery(withdrawal, settled | {(code, key): state}, by=by)


def _pay_delivery(withdrawal: Withdrawal, settled: dict[tuple[str, str], str], *, by: str) -> None:
    goods = [row for row in withdrawal.waiting if not _is_delivery(withdrawal, row)]
    if all(settled.get((withdrawal.code, row["key"])) == "unopened" for row in goods):
        delivery = [row for row in withdrawal.waiting if _is_delivery(withdrawal, row)]
        send_back(delivery, cause=f"return:{withdrawal.code}:delivery", reason="All goods came back", by=by)


def _settled(order: Order) -> dict[tuple[str, str], str]:
    rows = select(HistoryRow).where(HistoryRow.subject == f"order:{order.number}", HistoryRow.axis == AXIS)
    said = [(row.details or {}, row.now or "") for row in db.session.scalars(rows.order_by(HistoryRow.id))]
    return {(details["withdrawal"], details["key"]): state for details, state in said}


def _is_delivery(withdrawal: Withdrawal, row: Row) -> bool:
    return row["key"] in _delivery_keys(withdrawal)


def _delivery_keys(withdrawal: Withdrawal) -> set[str]:
    mine = select(OrderLine.id).where(OrderLine.order_id == withdrawal.order_id, OrderLine.kind == "shipping")
    return {f"line:{line_id}" for line_id in db.session.scalars(mine)}


def _shelve(row: Row, *, cause: str, by: str) -> None:
    line = db.session.get_one(OrderLine, int(row["key"].split(":")[1]))
    stock = db.session.get(Stock, line.stock_id) if line.stock_id else None
    if stock is not None:
        adjust(stock, units=row["quantity"], cause=cause, by=by, reason="came back unopened")
