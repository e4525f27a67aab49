"""The address of an order's payment page, on a screen or in a letter, for whoever did not pay at once."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from shop.core import clock, mail, outbox
from shop.core.money import money
from shop.orders import placing
from shop.orders.access import link_token
from shop.orders.models import Order

KIND = "order.pay_link"
PATIENCE = timedelta(minutes=15)  # whoever is typing a card number needs no letter


def pay_link(number: str) -> str:
    return f"{current_app.config['SHOP'].site_url}/orders/{number}/pay?key={link_token(number)}"


def mail_link(order: Order) -> None:
    """In the caller's transaction; once for each order."""
    mail.send(
        "pay_link",
        to=order.email,
        subject=f"Your order {order.number}: how to pay",
        key=f"pay_link:{order.number}",
        name=order.name,
        number=order.number,
        amount=money(order.due_minor, order.currency),
        link=pay_link(order.number),
    )


def promise_link(order: Order) -> None:
    """The same a little later, should it not be paid by then."""
    outbox.put(KIND, {"number": order.number}, key=f"{KIND}:{order.number}", due_at=clock.now() + PATIENCE)


def mail_if_open(*, number: str) -> None:
    """Outbox handler."""
    order = placing.find(number)
    if order is not None and order.state == "open":
        mail_link(order)
