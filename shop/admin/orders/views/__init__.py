"""The order desk."""

from shop.admin.orders.views import carrier, desk, evidence, lots, missing, packing, refunds, returns, saved

__all__ = ["carrier", "desk", "evidence", "lots", "missing", "packing", "refunds", "returns", "saved"]
