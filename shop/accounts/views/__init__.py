"""One file of views for each way in."""

from shop.accounts.views import codes, confirming, registering, resetting, second, signing

__all__ = ["codes", "confirming", "registering", "resetting", "second", "signing"]
