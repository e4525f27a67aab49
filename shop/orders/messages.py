"""The e-mails about an order, as they were promised and sent, and each of them once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, Text, cast, select

from shop.core import mail
from shop.core.db import db
from shop.core.errors import NotFound
from shop.core.history import record
from shop.core.outbox import OutboxRow, put
from shop.orders.models import Order

MOST = 100


@dataclass(frozen=True)
class Message:
    """`sent_at` is when it left for the mail server; None while it waits."""

    id: int
    subject: str
    to: str
    promised_at: datetime
    sent_at: datetime | None


def messages_of(order: Order) -> list[Message]:
    """Oldest first; what names the order's number, whoever it went to."""
    return [
        Message(row.id, row.payload["subject"], row.payload["to"], row.put_at, row.done_at)
        for row in db.session.scalars(_mine(order).order_by(OutboxRow.id).limit(MOST))
    ]


def send_again(order: Order, message_id: int, *, cause: str, by: str) -> str:
    """The same words once more, to the address the order has now; the same cause twice is one e-mail. Says to whom.

    Raises NotFound for a message of another order.
    """
    row = db.session.scalars(_mine(order).where(OutboxRow.id == message_id)).first()
    if row is None:
        raise NotFound("This order has no such e-mail.")
    to = order.email if row.payload["to"] != _recipient(order) else row.payload["to"]
    key = f"mail:again:{cause}"
    if db.session.scalar(select(OutboxRow.id).where(OutboxRow.key == key)) is None:
        put(mail.KIND, {**row.payload, "to": to}, key=key)
        record(f"order:{order.number}", axis="mail", was=None, now="again", by=by, note=row.payload["subject"])
    return to


def _recipient(order: Order) -> str | None:
    """Whoever the order was bought for has an address, and e-mails, of their own."""
    return (order.for_someone or {}).get("email")


def _mine(order: Order) -> Select[OutboxRow]:
    since = OutboxRow.kind == mail.KIND, OutboxRow.put_at >= order.made_at
    return select(OutboxRow).where(*since, cast(OutboxRow.payload, Text).contains(f'"{order.number}"', autoescape=True))
