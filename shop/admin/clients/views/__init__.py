"""The pages of the client desk."""

from shop.admin.clients.views import desk, history, joining

__all__ = ["desk", "history", "joining"]
