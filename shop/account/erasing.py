"""Being forgotten: name, addresses, answers and doors go at once; invoices and treatment records stay as the law asks."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update

from shop.account.seeing_orders import history_of
from shop.account.seeing_sessions import series_of
from shop.accounts.models import (
    Address,
    Client,
    KeptForm,
    KnownDevice,
    LetterChoice,
    MailToken,
    RecoveryCode,
    SignIn,
    StaffPin,
    User,
)
from shop.bag.models import Bag, BagLine
from shop.core import clock, mail
from shop.core.db import changed, db
from shop.core.errors import Refused
from shop.core.handlers import fire
from shop.core.history import record
from shop.core.outbox import OutboxRow
from shop.core.templating import moment
from shop.intake import withdrawing
from shop.orders.models import Order
from shop.payments.models import Refund
from shop.visits.models import CalendarFeed, TreatmentRecord, Visit, VisitWish
from shop.visits.models.visit import AHEAD

GONE = "erased.invalid"


def what_is_open(client_id: int | None) -> list[str]:
    """Why a person cannot be forgotten today, each as a sentence; empty when nothing is owed either way."""
    series = [one for one in series_of(client_id) if not one.is_over]
    left = [(one, one.left + one.booked) for one in series]
    reasons = [f"You still have {count} session{'s' * (count != 1)} of {one.name}." for one, count in left]
    orders = history_of(client_id, limit=1000).orders
    reasons += [f"Order {order.number} is still on its way." for order in orders if order.is_on_its_way]
    reasons += [
        f"Order {order.number} is waiting for its payment." for order in orders if order.state[0].startswith("Waiting")
    ]
    return reasons + _visits(client_id) + _refunds(client_id)


def erase(user: User, *, client_id: int | None, by: str) -> None:
    """Forget a person. Raises Refused naming what is open; staff are let go by whoever leads the clinic."""
    if user.is_staff:
        raise Refused("Staff accounts are closed by whoever leads the clinic.")
    reasons = what_is_open(client_id)
    if reasons:
        raise Refused(" ".join(reasons))
    _forget_mail(user)
    _forget_user(user)
    if client_id is not None:
        _forget_client(client_id)
    record(f"user:{user.id}", axis="account", was=None, now="erased", by=by)
    fire("client_erased", client_id=client_id, user_id=user.id)


def _visits(client_id: int | None) -> list[str]:
    ahead = select(Visit.starts_at).where(Visit.client_id == client_id, Visit.state.in_(AHEAD))
    return [f"You have an appointment on {moment(at)}." for at in db.session.scalars(ahead.order_by(Visit.starts_at))]


def _refunds(client_id: int | None) -> list[str]:
    numbers = select(Order.number).where(Order.client_id == client_id)
    on_their_way = Refund.state.not_in(("succeeded", "canceled"))
    rows = db.session.scalars(select(Refund.order_number).where(Refund.order_number.in_(numbers), on_their_way))
    return [f"A refund for order {number} is on its way." for number in sorted(set(rows))]


def _forget_user(user: User) -> None:
    bags = select(Bag.id).where(Bag.user_id == user.id)
    changed(delete(BagLine).where(BagLine.bag_id.in_(bags)))
    for model in (Bag, SignIn, KnownDevice, RecoveryCode, StaffPin, KeptForm, MailToken):
        changed(delete(model).where(model.user_id == user.id))
    changed(delete(MailToken).where(MailToken.email == user.email))
    user.email, user.name, user.password_hash = f"user-{user.id}@{GONE}", "", None
    user.disabled_at = clock.now()


def _forget_client(client_id: int) -> None:
    nobody = f"client-{client_id}@{GONE}"
    withdrawing.forget(client_id, keeps_record=_was_treated(client_id))
    for model in (Address, CalendarFeed, LetterChoice, VisitWish):
        changed(delete(model).where(model.client_id == client_id))
    blank = {"name": "", "email": nobody, "phone": ""}
    changed(update(Client).where(Client.id == client_id).values(**blank, erased_at=clock.now()))
    changed(update(Order).where(Order.client_id == client_id).values(**blank, address={}, for_someone=None))


def _was_treated(client_id: int) -> bool:
    return db.session.scalar(select(TreatmentRecord.id).where(TreatmentRecord.client_id == client_id).limit(1)) is not None


def _forget_mail(user: User) -> None:
    """E-mails that were sent are not kept; what waits to be sent goes too, also to an address that was asked for."""
    asked = set(db.session.scalars(select(MailToken.email).where(MailToken.user_id == user.id))) - {user.email}
    to, template = OutboxRow.payload["to"].as_string(), OutboxRow.payload["template"].as_string()
    about_moving = to.in_(asked) & template.in_(("new_address", "address_taken"))
    changed(delete(OutboxRow).where(OutboxRow.kind == mail.KIND, or_(to == user.email, about_moving)))
