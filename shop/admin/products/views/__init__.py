"""The product desk."""

from shop.admin.products.views import editing, listing, many, pictures, sizes

__all__ = ["editing", "listing", "many", "pictures", "sizes"]
