"""Whose sessions are where: a client's credits in the order in which visits use them up."""

from __future__ import annotations

from sqlalchemy import or_, select

from shop.core import clock
from shop.core.db import db, one_or_404
from shop.wallet.models import Credit


def credits_of(client_id: int) -> list[Credit]:
    """All of a client's sessions, the earliest end first; add-ons are found by `extras_of`."""
    mine = select(Credit).where(Credit.client_id == client_id, Credit.kind == "sessions")
    return list(db.session.scalars(mine.order_by(Credit.expires_on, Credit.id)))


def extras_of(credit_ids: list[int]) -> list[Credit]:
    """The add-ons that hang on these packages."""
    if not credit_ids:
        return []
    hang = select(Credit).where(Credit.parent_id.in_(credit_ids)).order_by(Credit.id)
    return list(db.session.scalars(hang))


def usable(client_id: int, *, treatment_id: int | None = None) -> list[Credit]:
    """Credits from which a visit can still be booked today, earliest end first."""
    left = select(Credit).where(
        Credit.client_id == client_id,
        Credit.kind == "sessions",
        Credit.free > 0,
        Credit.frozen_on.is_(None),
        Credit.expires_on >= clock.today(),
    )
    if treatment_id is not None:
        left = left.where(or_(Credit.treatment_id == treatment_id, Credit.treatment_id.is_(None)))
    return list(db.session.scalars(left.order_by(Credit.expires_on, Credit.id)))


def get_credit(code: str, *, client_id: int | None) -> Credit:
    """A client's own credit. Raises NotFound for another's."""
    return one_or_404(
        select(Credit).where(Credit.code == code, Credit.client_id == client_id), "These sessions are not here."
    )
