"""The client's side of a plan."""

from shop.plans.views import acting, confirming, opening, taking_along

__all__ = ["acting", "confirming", "opening", "taking_along"]
