"""Sessions leave a wallet with their money: not before it is on its way, and not when nothing is on its way any more."""

from __future__ import annotations

from sqlalchemy import select

from shop.core.db import db
from shop.orders.models import Order, Withdrawal
from shop.payments.models import Refund
from shop.wallet import reserving
from shop.wallet.models import Credit

ON_ITS_WAY = ("pending", "requires_action", "succeeded")
BY_HAND = ("submitted", "succeeded")  # handed to a person, whom the attention list reminds


def follow_refund(*, refund_id: int) -> None:
    """Heard in the transaction in which a refund moved on."""
    refund = db.session.get_one(Refund, refund_id)
    word, _, rest = refund.cause.partition(":")
    if word == "withdrawal":
        code = rest.partition(":")[0]
        withdrawal = db.session.scalars(select(Withdrawal).where(Withdrawal.code == code)).first()
        if withdrawal is not None:
            follow_withdrawal(withdrawal)


def follow_withdrawal(withdrawal: Withdrawal) -> None:
    """Take its sessions out once all of its money is on its way; nothing to pay is on its way at once."""
    cause = f"withdrawal:{withdrawal.code}"
    paid = [part for part in withdrawal.parts if part["order"] is not None]
    theirs = Refund.order_number.in_({part["order"] for part in paid})
    refunds = db.session.scalars(select(Refund).where(theirs, Refund.cause.startswith(f"{cause}:"))).all()
    on_its_way = sum(refund.amount_minor for refund in refunds if _is_on_its_way(refund))
    if on_its_way == sum(part["gross_minor"] for part in paid):
        reserving.take_out(credit_ids(withdrawal), cause=cause, by=withdrawal.by)


def credit_ids(withdrawal: Withdrawal) -> list[int]:
    """The credits that it named."""
    codes = [key.partition(":")[2] for key in withdrawal.chosen if key.startswith("credit:")]
    return list(db.session.scalars(select(Credit.id).where(Credit.code.in_(codes)).order_by(Credit.id)))


def withdrawals_of(order: Order) -> list[Withdrawal]:
    """Oldest first."""
    mine = select(Withdrawal).where(Withdrawal.order_id == order.id)
    return list(db.session.scalars(mine.order_by(Withdrawal.id)))


def _is_on_its_way(refund: Refund) -> bool:
    return refund.state in (ON_ITS_WAY if refund.tender == "stripe" else BY_HAND)
