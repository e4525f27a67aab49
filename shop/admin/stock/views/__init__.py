"""The stock desk."""

from shop.admin.stock.views import counts, deliveries, lots, places, purchases, shelves

__all__ = ["counts", "deliveries", "lots", "places", "purchases", "shelves"]
