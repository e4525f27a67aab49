"""Orders with goods on named lots, sent and missed."""

from datetime import timedelta

from sqlalchemy import select

from shop.checking import all_differences
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.inventory.models import Lot, Stock
from shop.orders.fulfilling import mark_shipped
from shop.orders.models import OrderLine
from tests.support.factories import make_stock

BY = "user:1"


def lot(variant, code, units, days=400):
    stock = make_stock(variant, units, lot=code, expires_on=shop_clock.today() + timedelta(days=days))
    db.session.commit()
    return stock.id


def lines(order):
    rows = select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def lots(order):
    code = select(Lot.code).join(Stock, Stock.lot_id == Lot.id)
    return [(line.quantity, db.session.scalar(code.where(Stock.id == line.stock_id)), line.done) for line in lines(order)]


def send(order, cause, **chosen):
    mark_shipped(order, carrier="DPD", tracking="", cause=cause, by=BY, **chosen)
    db.session.commit()


def told(mailbox, order, words):
    """How many e-mails to the client say so."""
    return sum(words in mail.text for mail in mailbox.to(order.email))


def agrees(order):
    """Nothing was won or lost: the lines add up to the order, and each to its units."""
    assert sum(line.gross_minor for line in lines(order)) == order.total_minor
    assert all(len(line.unit_gross) == line.quantity for line in lines(order) if line.kind == "variant")
    assert all_differences() == []
