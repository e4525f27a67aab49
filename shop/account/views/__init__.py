"""One file of views for each page of the account."""

from shop.account.views import (
    addresses,
    claims,
    cupboard,
    details,
    diary,
    fees,
    health,
    one_series,
    orders,
    overview,
    privacy,
    sessions,
    sign_ins,
)

__all__ = [
    "addresses",
    "claims",
    "cupboard",
    "details",
    "diary",
    "fees",
    "health",
    "one_series",
    "orders",
    "overview",
    "privacy",
    "sessions",
    "sign_ins",
]
