"""The pages of the client desk."""

from shop.admin.clients.views import desk, diary, gallery, history, joining

__all__ = ["desk", "diary", "gallery", "history", "joining"]
