"""A consultation may cost something: the fee is an order of its own, and whoever pays it gets a code that takes it off a series.

Paid ahead it is a deposit too: it goes back when the appointment is called off in time, and stays when it is not.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from shop.bag.making_codes import FACTS, end_code, make_code
from shop.bag.models import DiscountCode
from shop.checkout import late_fee
from shop.checkout.preparing import Buyer
from shop.core import clock, mail
from shop.core.db import changed, db
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.core.money import money
from shop.core.settings import setting
from shop.core.templating import day
from shop.orders.models import Order, OrderLine
from shop.orders.prospects import preview
from shop.orders.refunding import refundable_minor
from shop.orders.withdrawing import withdraw
from shop.payments.attempts import Intent
from shop.visits.finding import find_visit, locked_newest
from shop.visits.models import Visit
from shop.wallet.granting import draw_code

NAME = "Consultation"
PAID = "The fee of this consultation is paid."


def prepare_fee(visit: Visit, buyer: Buyer) -> tuple[Order, Intent | None]:
    """Write the order and the intent to pay what is due for this appointment; the caller commits.

    Locks the visit, so that its time is not let go meanwhile. Raises Refused where nothing is due, Conflict when it is paid.
    """
    visit = locked_newest(visit)
    if visit.still_owes:
        return late_fee.prepare_late_fee(visit, buyer)
    if visit.fee_order is not None:
        raise Conflict(PAID)
    if not visit.fee_minor or visit.state not in ("booked", "arrived", "done"):
        raise Refused("Nothing is due for this appointment.")
    sentence = f"You get {money(visit.fee_minor)} back when you call the appointment off in time."
    return late_fee.order_of_fee(visit, buyer, visit.fee_minor, name=NAME, sentence=sentence)


def take_fee(visit: Visit, buyer: Buyer, tender: str, *, by: str) -> Order:
    """The same at the desk, paid by hand in one piece."""
    from shop.checkout.at_desk import settle_at_desk

    order, _ = prepare_fee(visit, buyer)
    settle_at_desk(order, [(tender, order.due_minor)], by=by)
    return order


def fee_line_paid(line: OrderLine, order: Order, *, by: str) -> None:
    """Heard when its order is placed: locks the visit. A second payment for the same appointment goes back by itself."""
    if line.details.get("late"):
        late_fee.late_fee_paid(line, order, by=by)
        return
    first = find_visit(line.details["visit"])
    visit = locked_newest(first) if first is not None else None
    if visit is None or visit.fee_order not in (None, order.number) or visit.state == "cancelled":
        withdraw(
            order, by=by, cause=f"fee-twice:{order.number}", reason="This fee was paid before, or is not due any more."
        )
        return
    visit.fee_order = order.number
    record(f"visit:{visit.number}", axis="fee", was=None, now="paid", by=by, details={"order": order.number})
    _credit_to_a_series(order, line.gross_minor)


def pay_fee_back(*, order_number: str, why: str, by: str) -> None:
    """Outbox handler: the appointment was called off in time, or by us. Twice is once."""
    order = db.session.scalars(select(Order).where(Order.number == order_number)).one()
    code = _code_of(order)
    if code is not None and code.ended_at is None:
        end_code(code, by=by)
    left = refundable_minor(order.number)
    if order.state == "placed" and left:
        more = left - preview(order).total_minor
        withdraw(order, by=by, cause=f"fee-back:{order.number}", reason=why, goodwill_minor=more)


def mark_used(*, order_number: str, used: bool) -> None:
    """Outbox handler: after the days of withdrawal a consultation that took place is not paid back any more."""
    mine = select(Order.id).where(Order.number == order_number).scalar_subquery()
    line = update(OrderLine).where(OrderLine.order_id == mine, OrderLine.kind == "consultation", OrderLine.called_off == 0)
    changed(line.values(done=OrderLine.quantity if used else 0))


def _credit_to_a_series(order: Order, minor: int) -> None:
    days = setting("visits.fee_credit_days")
    if not days or _code_of(order) is not None:
        return
    ends_on = clock.today() + timedelta(days=days)
    empty: dict[str, Any] = {name: [] for name in ("kinds", "concerns", "brands", "packages")}
    facts = dict.fromkeys(FACTS) | empty | {"note": _note(order), "amount_minor": minor, "kinds": ["package"]}
    facts |= {"least_minor": 0, "starts_on": None, "ends_on": ends_on, "limit_each": 1, "limit_all": 1}
    code = make_code(f"C-{draw_code()}", facts, by="checkout")
    currency = current_app.config["SHOP"].currency
    mail.send(
        "consultation_fee",
        to=order.email,
        subject=f"Your appointment at {setting('clinic.name')}: {money(minor, currency)} come off a series",
        key=f"consultation_fee:{order.number}",
        name=order.name,
        amount=money(minor, currency),
        code=code.name,
        until=day(ends_on, year=True),
        link=f"{current_app.config['SHOP'].site_url}/concerns",
    )


def _code_of(order: Order) -> DiscountCode | None:
    return db.session.scalars(select(DiscountCode).where(DiscountCode.note == _note(order))).first()


def _note(order: Order) -> str:
    return f"Consultation fee of {order.number}"
