"""How often a code may be used, per person and in all: counted under the code's own lock, so that no race goes over it.

A use is held from PREPARE on. It is given back when the order lapses unpaid, and taken again, whatever the limit says,
when money for a lapsed order still arrives: that price was promised. Codes are locked after stock.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import case, func, or_, select, update

from shop.bag.models import CodeUse, DiscountCode
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Refused


class CodeSpent(Refused):
    """The code cannot be used once more: `name` says which one has to leave the bag."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence, field="code")
        self.name = name


def claim(
    taken: Iterable[tuple[str, int]], *, order_number: str, email: str, client_id: int | None, on_promise: bool = False
) -> None:
    """Hold one use of each (name, minor units off). Raises CodeSpent over a limit, unless it was promised before."""
    for name, off_minor in sorted(taken):
        code_id = _raise_count(name, on_promise=on_promise)
        if not on_promise:
            _refuse_over_each(code_id, name, email=email, client_id=client_id)
        db.session.add(
            CodeUse(
                code_id=code_id,
                order_number=order_number,
                client_id=client_id,
                email_hash=hashed(email),
                off_minor=off_minor,
                at=clock.now(),
            )
        )
    db.session.flush()


def release(order_number: str) -> None:
    """The order has lapsed: its codes are free again. Twice is once."""
    mine = select(CodeUse.id, CodeUse.code_id).where(CodeUse.order_number == order_number, CodeUse.released_at.is_(None))
    for use_id, code_id in db.session.execute(mine.order_by(CodeUse.code_id)).all():
        freed = update(CodeUse).where(CodeUse.id == use_id, CodeUse.released_at.is_(None))
        if changed(freed.values(released_at=clock.now())):
            changed(update(DiscountCode).where(DiscountCode.id == code_id).values(uses=DiscountCode.uses - 1))


def take_again(order_number: str) -> None:
    """Money has come for an order that had lapsed: its codes count again, over the limit if need be."""
    mine = select(CodeUse.id, CodeUse.code_id).where(CodeUse.order_number == order_number, CodeUse.released_at.is_not(None))
    for use_id, code_id in db.session.execute(mine.order_by(CodeUse.code_id)).all():
        if changed(update(CodeUse).where(CodeUse.id == use_id, CodeUse.released_at.is_not(None)).values(released_at=None)):
            changed(update(DiscountCode).where(DiscountCode.id == code_id).values(uses=DiscountCode.uses + 1))


def refuse_spent_by(name: str, *, email: str, client_id: int | None) -> None:
    """The same question before anything is written, for who is known already. Raises CodeSpent."""
    code = db.session.scalars(select(DiscountCode).where(DiscountCode.name == name)).first()
    if code is not None and code.limit_each is not None:
        _refuse_over_each(code.id, name, email=email, client_id=client_id)


def differences() -> list[str]:
    """Codes whose counter is not the number of uses that hold; for `shop check`."""
    holding = func.sum(case((CodeUse.id.is_not(None) & CodeUse.released_at.is_(None), 1), else_=0))
    counted = select(DiscountCode.name, DiscountCode.uses, func.coalesce(holding, 0))
    rows = counted.outerjoin(CodeUse, CodeUse.code_id == DiscountCode.id).group_by(DiscountCode.id)
    return [
        f"code {name}: {uses} counted, {found} found" for name, uses, found in db.session.execute(rows) if uses != found
    ]


def hashed(email: str) -> str:
    return sha256(email.strip().casefold().encode()).hexdigest()


def _raise_count(name: str, *, on_promise: bool) -> int:
    """The row stays locked until the caller commits, so the count of one person's uses is exact as well."""
    one = update(DiscountCode).where(DiscountCode.name == name)
    if not on_promise:
        room = or_(DiscountCode.limit_all.is_(None), DiscountCode.uses < DiscountCode.limit_all)
        one = one.where(DiscountCode.ended_at.is_(None), room)
    raised = one.values(uses=DiscountCode.uses + 1).returning(DiscountCode.id)
    code_id = db.session.scalar(raised.execution_options(synchronize_session=False))
    if code_id is None:
        raise CodeSpent(name, f"The code {name} has been used as often as it can be.")
    return int(code_id)


def _refuse_over_each(code_id: int, name: str, *, email: str, client_id: int | None) -> None:
    most = db.session.scalar(select(DiscountCode.limit_each).where(DiscountCode.id == code_id))
    if most is None:
        return
    by_file = [CodeUse.client_id == client_id] if client_id is not None else []
    same = or_(CodeUse.email_hash == hashed(email), *by_file)
    held = select(func.count()).where(CodeUse.code_id == code_id, CodeUse.released_at.is_(None), same)
    if (db.session.scalar(held) or 0) >= most:
        often = "once" if most == 1 else f"{most} times"
        raise CodeSpent(name, f"The code {name} can be used {often} per person, and you have done so.")
