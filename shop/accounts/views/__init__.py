"""One file of views for each way in."""

from shop.accounts.views import codes, confirming, locking, registering, resetting, second, signing

__all__ = ["codes", "confirming", "locking", "registering", "resetting", "second", "signing"]
