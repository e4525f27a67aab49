"""Sessions that are given back to money free their appointments first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from shop.core.db import db
from shop.visits.cancelling import cancel
from shop.visits.finding import visits_of_credits
from shop.wallet.models import Credit


def release_visits(credit_ids: Sequence[int], *, by: str, tells: bool = True, words: str = "") -> int:
    """Call off everything that lies ahead for these sessions, free of charge. Locks the visits, then the credits."""
    ahead = visits_of_credits(list(credit_ids))
    for visit in ahead:
        cancel(visit, by=by, waived=True, tells=tells, words=words)
    return len(ahead)


def hear_withdrawn(
    *, order_number: str = "", credit_ids: Sequence[int] | None = None, by: str = "system", **_more: Any
) -> int:
    """Hears "order.withdrawn" in its transaction, before the free sessions are set aside: booked ones are free then too."""
    ids = list(credit_ids) if credit_ids is not None else _credits_of(order_number)
    return release_visits(ids, by=by, words="It goes with the sessions you cancelled.")


def _credits_of(order_number: str) -> list[int]:
    if not order_number:
        return []
    return list(db.session.scalars(select(Credit.id).where(Credit.order_number == order_number).order_by(Credit.id)))
