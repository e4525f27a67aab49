"""Sessions whose money goes back are set aside at once, and leave the wallet when the refund is on its way."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from shop.core.db import db
from shop.wallet.models import Credit, CreditMove
from shop.wallet.moving import move


def lock_order(order_number: str) -> list[Credit]:
    """Every credit that an order paid for, whoever owns it by now, locked in order."""
    mine = select(Credit).where(Credit.order_number == order_number).order_by(Credit.id)
    return list(db.session.scalars(mine.with_for_update().execution_options(populate_existing=True)))


def set_aside(credit_ids: Sequence[int], *, cause: str, by: str, reason: str = "") -> int:
    """Every free session of these credits waits for its refund; a session is then neither bookable nor lost."""
    free = select(Credit.id, Credit.free).where(Credit.id.in_(credit_ids), Credit.free > 0).order_by(Credit.id)
    rows = db.session.execute(free).all()
    for credit_id, sessions in rows:
        move(credit_id, "reserve", sessions=sessions, cause=f"reserve:{cause}:{credit_id}", by=by, reason=reason)
    return sum(sessions for _, sessions in rows)


def take_out(credit_ids: Sequence[int], *, cause: str, by: str) -> int:
    """The refund is on its way: what was set aside for it leaves. A second time changes nothing."""
    return _after_reserve("refund", credit_ids, cause=cause, by=by)


def put_back(credit_ids: Sequence[int], *, cause: str, by: str) -> int:
    """The refund was called off: what was set aside for it can be booked again."""
    return _after_reserve("unreserve", credit_ids, cause=cause, by=by)


def set_aside_by(credit_ids: Sequence[int], *, cause: str) -> dict[int, int]:
    """{credit: sessions} that were set aside for this cause, whatever became of them."""
    mine = CreditMove.cause.in_([f"reserve:{cause}:{credit_id}" for credit_id in credit_ids])
    rows = db.session.execute(select(CreditMove.credit_id, CreditMove.sessions).where(mine).order_by(CreditMove.credit_id))
    return {row.credit_id: row.sessions for row in rows}


def _after_reserve(kind: str, credit_ids: Sequence[int], *, cause: str, by: str) -> int:
    waiting = set_aside_by(credit_ids, cause=cause)
    ended = [f"{end}:{cause}:{credit_id}" for end in ("refund", "unreserve") for credit_id in waiting]
    over = set(db.session.scalars(select(CreditMove.credit_id).where(CreditMove.cause.in_(ended))))
    for credit_id, sessions in waiting.items():
        if credit_id not in over:
            move(credit_id, kind, sessions=sessions, cause=f"{kind}:{cause}:{credit_id}", by=by)
    return sum(sessions for credit_id, sessions in waiting.items() if credit_id not in over)
