"""Which role may do what; health answers are read by those who treat, and by nobody for being powerful."""

from __future__ import annotations

from shop.accounts.models import ROLES

_ALL = frozenset(ROLES)
_HEADS = frozenset({"owner", "admin"})
_TREATING = frozenset({"consultant", "practitioner", "medical-lead"})

ROLES_WITH: dict[str, frozenset[str]] = {
    "desk": _ALL,
    "orders": _HEADS | {"desk", "stock", "consultant"},
    "fulfilment": _HEADS | {"desk", "stock"},
    "refunds": _HEADS,
    "attention": _HEADS | {"desk"},
    "till": _HEADS | {"desk"},
    "stock": _HEADS | {"stock"},
    "catalogue": _HEADS,
    "clients": _HEADS | _TREATING | {"desk"},
    "health": _TREATING,
    "sessions": _HEADS | _TREATING | {"desk"},
    "sessions.change": _HEADS | {"desk"},
    "visits": _HEADS | _TREATING | {"desk"},
    "plans": _TREATING,
    "rules": frozenset({"medical-lead"}),
    "rules.read": frozenset({"medical-lead", "owner"}),
    "cases": _HEADS | _TREATING | {"desk"},
    "reports": _HEADS,
    "codes": _HEADS,
    "reviews": _HEADS | {"desk"},
    "imports": _HEADS,
    "settings": _HEADS,
    "staff": _HEADS,
    "trail": _HEADS,
    "demo.clear": frozenset({"owner"}),
}


def can(role: str | None, right: str) -> bool:
    """Raises KeyError for a right that nobody wrote down."""
    return role in ROLES_WITH[right]
