"""The pages of an order: the order itself, and calling it off."""

from shop.orders.views import order, presents, withdrawals

__all__ = ["order", "presents", "withdrawals"]
