"""Where a thing that the trail or the attention list names is seen at the desk."""

from __future__ import annotations

PATHS = {
    "order": "/admin/orders/{}",
    "product": "/admin/products/{}",
    "package": "/admin/packages/{}",
    "client": "/admin/clients/{}",
    "visit": "/admin/visits/{}",
    "screening": "/admin/answers/{}",
    "case": "/admin/cases/{}",
    "code": "/admin/codes/{}",
    "gift-card": "/admin/gift-cards/{}",
    "payout": "/admin/reports/payouts/{}",
    "text": "/admin/texts/{}",
}


def path_of(subject: str) -> str:
    """ "order:AG-10023" → its page; empty when it has none."""
    kind, _, key = subject.partition(":")
    return PATHS[kind].format(key) if kind in PATHS and key.replace("-", "").isalnum() else ""
