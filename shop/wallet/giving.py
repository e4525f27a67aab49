"""Sessions change hands: they leave one wallet and arrive in another with their worth, their end and who paid for them.

What was paid stays named in each session's share, so that a later refund still goes to the payer.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from shop.core.db import changed, db
from shop.core.errors import Refused
from shop.core.ledger import picked
from shop.core.units import pack
from shop.wallet.granting import Grant, grant
from shop.wallet.models import Credit
from shop.wallet.moving import lock, move, moves_of, units_of

WHAT = ("kind", "package_id", "treatment_id", "addon_id", "name", "statement_name", "area", "gaps", "currency")
SAME = (*WHAT, "bought_on", "expires_on", "express_at", "express_version")


def give(
    credit_id: int, *, sessions: int, to_client_id: int, cause: str, by: str, kind: str = "gift", reason: str = ""
) -> Credit:
    """Move free sessions to another client; `kind` is "gift" or "transfer". Done twice with one cause, done once.

    Raises Conflict when so many are not free, Refused for a gift to oneself.
    """
    credit = lock(credit_id)
    known = db.session.scalars(select(Credit).where(Credit.cause == cause)).first()
    if known is not None:
        return known
    if credit.client_id == to_client_id:
        raise Refused("These sessions are theirs already.")
    chosen = picked(moves_of(credit_id), kind, sessions=sessions)
    units = [units_of(credit)[index] for index in chosen]
    order_number, facts = credit.order_number, {name: getattr(credit, name) for name in SAME}
    move(credit_id, kind, sessions=sessions, cause=f"{cause}:out", by=by, reason=reason)
    arrives = Grant(cause=cause, sessions=sessions, units=pack(units), move="receive", reason=reason, **facts)
    return grant(to_client_id, [arrives], order_number=order_number, by=by)[0]


def give_with_extras(
    credit_id: int, *, sessions: int, to_client_id: int, cause: str, by: str, kind: str = "gift", reason: str = ""
) -> Credit:
    """The same with the add-ons that go with these sessions: one of each for a session, as far as they are left."""
    given = give(credit_id, sessions=sessions, to_client_id=to_client_id, cause=cause, by=by, kind=kind, reason=reason)
    hang = select(Credit.id, Credit.free).where(Credit.parent_id == credit_id).order_by(Credit.id)
    for extra_id, free in db.session.execute(hang).all():
        count, own = min(free, sessions), f"{cause}:{extra_id}"
        if count or db.session.scalar(select(Credit.id).where(Credit.cause == own)):
            facts: dict[str, Any] = {"to_client_id": to_client_id, "cause": own, "by": by, "kind": kind, "reason": reason}
            extra = give(extra_id, sessions=count, **facts)
            changed(update(Credit).where(Credit.id == extra.id).values(parent_id=given.id))
    return given
