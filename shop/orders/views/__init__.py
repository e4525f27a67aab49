"""The pages of an order: the order itself, and calling it off."""

from shop.orders.views import instead, order, presents, withdrawals

__all__ = ["instead", "order", "presents", "withdrawals"]
