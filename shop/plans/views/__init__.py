"""The client's side of a plan."""

from shop.plans.views import acting, confirming, opening

__all__ = ["acting", "confirming", "opening"]
