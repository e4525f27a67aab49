"""`shop check`: every cached number against the rows that explain it."""

from __future__ import annotations

from sqlalchemy import func, select

from shop.bag import cards, code_uses
from shop.core import sealing
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.inventory import checking as stock_checking
from shop.inventory.models import Stock
from shop.orders.models import Invoice, Order, OrderLine
from shop.payments.models import PaymentEvent, Refund
from shop.reports import closing
from shop.wallet import checking as wallet_checking


def all_differences() -> list[str]:
    """One sentence for each number that its ledger does not explain."""
    books = [
        *closing.differences(),
        *_orders(),
        *_unpaid(),
        *_charged_for_nothing(),
        *_refunds(),
        *_gaps(),
        *code_uses.differences(),
        *cards.differences(),
    ]
    counters = [*stock_checking.differences(held_by_orders()), *_promised(), *wallet_checking.differences()]
    return [*counters, *books, *sealing.differences()]


def held_by_orders() -> dict[int, int]:
    """{stock row: units} that open orders hold."""
    held: dict[int, int] = {}
    for holds in db.session.scalars(select(Order.holds).where(Order.state == "open")):
        for stock_id, units in holds:
            held[stock_id] = held.get(stock_id, 0) + units
    return held


def _promised() -> list[str]:
    """Stock rows whose `allocated` is not what the lines of orders still have to get from them."""
    units = func.sum(OrderLine.quantity - OrderLine.done - OrderLine.called_off)
    lines = select(OrderLine.stock_id, units.label("units")).join(Order, Order.id == OrderLine.order_id)
    paid = lines.where(Order.state.in_(("placed", "cancelled")), OrderLine.stock_id.is_not(None))
    waiting = paid.group_by(OrderLine.stock_id).subquery()
    rows = select(Stock.id, Stock.allocated, func.coalesce(waiting.c.units, 0).label("units"))
    rows = rows.outerjoin(waiting, waiting.c.stock_id == Stock.id)
    return [
        f"stock {row.id}: {row.allocated} are promised, the lines of orders wait for {row.units}"
        for row in db.session.execute(rows.where(Stock.allocated != func.coalesce(waiting.c.units, 0)))
    ]


def _orders() -> list[str]:
    lines = (
        select(
            OrderLine.order_id, func.sum(OrderLine.gross_minor).label("gross"), func.sum(OrderLine.vat_minor).label("vat")
        )
        .group_by(OrderLine.order_id)
        .subquery()
    )
    wrong = select(Order.number, Order.total_minor, Order.vat_minor, lines.c.gross, lines.c.vat).join(
        lines, lines.c.order_id == Order.id
    )
    wrong = wrong.where((Order.total_minor != lines.c.gross) | (Order.vat_minor != lines.c.vat))
    return [
        f"order {row.number}: its lines add up to {row.gross}, not {row.total_minor}" for row in db.session.execute(wrong)
    ]


def _unpaid() -> list[str]:
    """Placed orders whose money the ledger does not hold in full."""
    came = (
        select(PaymentEvent.order_number, func.sum(PaymentEvent.amount_minor).label("minor"))
        .where(PaymentEvent.kind == "captured")
        .group_by(PaymentEvent.order_number)
        .subquery()
    )
    placed = select(Order.number, Order.total_minor, came.c.minor).join(
        came, came.c.order_number == Order.number, isouter=True
    )
    short = placed.where(Order.state == "placed", func.coalesce(came.c.minor, 0) < Order.total_minor)
    return [
        f"order {row.number}: placed for {row.total_minor}, received {row.minor or 0}" for row in db.session.execute(short)
    ]


def _charged_for_nothing() -> list[str]:
    """Money of a client that bought nothing and is not on its way back either."""
    going = select(Refund.id).where(
        Refund.payment_intent == PaymentEvent.payment_intent, Refund.state.not_in(("failed", "canceled"))
    )
    asked = select(AttentionEntry.id).where(AttentionEntry.subject == "order:" + PaymentEvent.order_number)
    came = (
        select(PaymentEvent.order_number, PaymentEvent.amount_minor)
        .join(Order, Order.number == PaymentEvent.order_number)
        .where(PaymentEvent.kind == "captured", Order.state.in_(("open", "lapsed")), ~going.exists(), ~asked.exists())
    )
    return [f"order {row.order_number}: {row.amount_minor} came in for nothing" for row in db.session.execute(came)]


def _refunds() -> list[str]:
    """Refunds that Stripe has, and the ledger has not."""
    written = select(PaymentEvent.id).where(
        PaymentEvent.reference == "refunded:" + Refund.stripe_id, PaymentEvent.amount_minor == Refund.amount_minor
    )
    sent = select(Refund.id, Refund.order_number).where(
        Refund.tender == "stripe", Refund.state.in_(("pending", "requires_action", "succeeded")), ~written.exists()
    )
    return [f"refund {row.id} of order {row.order_number}: not in the ledger" for row in db.session.execute(sent)]


def _gaps() -> list[str]:
    """Series of invoices whose numbers do not run from one to the last."""
    series = select(Invoice.series, func.count().label("n"), func.max(Invoice.serial).label("last")).group_by(
        Invoice.series
    )
    return [
        f"series {row.series}: {row.n} documents up to number {row.last}"
        for row in db.session.execute(series)
        if row.n != row.last
    ]
