"""What an order is made up of, in the few rows that its page, its letter and its receipt show above the total."""

from __future__ import annotations

from shop.orders.models import Order


def sums_before_delivery(order: Order) -> list[tuple[str, int]]:
    """Sessions and products before codes, then each code: what a page, a letter and a receipt list, and it adds up."""
    sessions, goods = order.promise.get("before") or (order.sessions_minor, order.goods_minor)
    rows = [
        ("Sessions", sessions),
        ("Products", goods),
        ("Gift cards", _gift_cards(order)),
        *((f"Code {name}", -minor) for name, minor in order.codes),
    ]
    return [(words, minor) for words, minor in rows if minor]


def _gift_cards(order: Order) -> int:
    """Cards that were bought: what the total holds beside sessions, products and delivery."""
    return order.total_minor - order.sessions_minor - order.goods_minor - order.delivery_minor
