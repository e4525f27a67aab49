"""One file of views for each page of the account."""

from shop.account.views import (
    addresses,
    claims,
    cupboard,
    details,
    diary,
    fees,
    health,
    letters,
    one_series,
    orders,
    overview,
    privacy,
    reviews,
    sessions,
    sign_ins,
    wishes,
)

__all__ = [
    "addresses",
    "claims",
    "cupboard",
    "details",
    "diary",
    "fees",
    "health",
    "letters",
    "one_series",
    "orders",
    "overview",
    "privacy",
    "reviews",
    "sessions",
    "sign_ins",
    "wishes",
]
