"""Everything that happened with one client, in one list: what was bought, paid and called off, visits, cases, letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.accounts.models import Client
from shop.cases.models import KINDS, REACTIONS, Case
from shop.core.db import db
from shop.core.history import HistoryRow
from shop.core.money import money
from shop.orders.models import Order, Parcel, Withdrawal
from shop.orders.showing import TENDERS
from shop.payments.models import PaymentEvent
from shop.visits.models import Visit
from shop.wallet.models import Credit, CreditMove

MOST = 400
PAID = {
    "captured": "{} came in, {}",
    "refunded": "{} went back, {}",
    "refunded_outside": "{} was refunded in Stripe's dashboard",
    "disputed": "{} is disputed by the bank",
    "dispute_won": "{} came back: the dispute was won",
}
STATES = {
    "booked": "booked",
    "arrived": "is here",
    "done": "took place",
    "cancelled": "cancelled",
    "no_show": "nobody came",
    "moved": "moved",
}
SESSIONS = {
    "freeze": "paused",
    "unfreeze": "go on",
    "extend": "were extended",
    "expire": "ran out",
    "transfer": "were handed on",
    "receive": "came in",
}


@dataclass(frozen=True)
class Moment:
    """`about` groups them: order, money, visit, sessions, case, file."""

    at: datetime
    about: str
    words: str
    path: str = ""
    by: str = ""


def history_of_client(client: Client, *, reads_health: bool, sees_orders: bool, sees_visits: bool) -> list[Moment]:
    """The newest first, at most MOST; a fixed number of statements. A reaction is named to those who treat alone."""
    found: list[Moment] = list(_file(client))
    if sees_orders:
        orders = list(
            db.session.scalars(select(Order).where(Order.client_id == client.id).order_by(Order.id.desc()).limit(MOST))
        )
        found += [*_orders(orders), *_money(orders), *_parcels(orders), *_withdrawals(orders)]
    if sees_visits:
        found += [*_visits(client), *_sessions(client)]
    found += _cases(client, reads_health=reads_health)
    return sorted(found, key=lambda moment: moment.at, reverse=True)[:MOST]


def _file(client: Client) -> Iterator[Moment]:
    yield Moment(client.made_at, "file", "The file was opened")
    rows = select(HistoryRow).where(HistoryRow.subject == f"client:{client.id}").order_by(HistoryRow.id.desc()).limit(100)
    for row in db.session.scalars(rows):
        yield Moment(row.at, "file", f"{row.axis.replace('_', ' ').capitalize()}: {row.now or 'none'}", by=row.by)


def _orders(orders: Iterable[Order]) -> Iterator[Moment]:
    for order in orders:
        amount, path = money(order.total_minor, order.currency), f"/admin/orders/{order.number}"
        if order.placed_at is not None:
            yield Moment(order.placed_at, "order", f"Order {order.number}, {amount}", path)
        elif order.state == "open":
            yield Moment(order.made_at, "order", f"Order {order.number}, {amount}, waits for its payment", path)
        else:
            yield Moment(order.made_at, "order", f"Order {order.number}, {amount}, was not paid", path)


def _money(orders: list[Order]) -> Iterator[Moment]:
    numbers = [order.number for order in orders]
    rows = select(PaymentEvent).where(PaymentEvent.order_number.in_(numbers), PaymentEvent.kind.in_(PAID))
    for event in db.session.scalars(rows):
        amount, tender = money(event.amount_minor, event.currency), TENDERS.get(event.tender, event.tender).lower()
        yield Moment(
            event.at, "money", PAID[event.kind].format(amount, tender), f"/admin/orders/{event.order_number}", event.by
        )


def _parcels(orders: list[Order]) -> Iterator[Moment]:
    numbers = {order.id: order.number for order in orders}
    for parcel in db.session.scalars(select(Parcel).where(Parcel.order_id.in_(numbers), Parcel.left_at.is_not(None))):
        words = "A parcel left" if parcel.delivery == "ship" else "Goods were handed over"
        yield Moment(
            parcel.left_at or parcel.made_at, "order", words, f"/admin/orders/{numbers[parcel.order_id]}", parcel.by
        )


def _withdrawals(orders: list[Order]) -> Iterator[Moment]:
    numbers = {order.id: order.number for order in orders}
    for one in db.session.scalars(select(Withdrawal).where(Withdrawal.order_id.in_(numbers))):
        number = numbers[one.order_id]
        yield Moment(
            one.made_at,
            "order",
            f"Called off of {number}: {money(one.refund_minor, one.currency)} back",
            f"/admin/orders/{number}",
            one.by,
        )


def _visits(client: Client) -> Iterator[Moment]:
    rows = select(Visit).where(Visit.client_id == client.id).order_by(Visit.starts_at.desc()).limit(MOST)
    for visit in db.session.scalars(rows):
        words = f"{visit.kind.capitalize()} {STATES.get(visit.state, visit.state.replace('_', ' '))}"
        yield Moment(visit.starts_at, "visit", words, f"/admin/visits/{visit.number}", visit.by)


def _sessions(client: Client) -> Iterator[Moment]:
    rows: Any = (
        select(CreditMove.at, CreditMove.kind, CreditMove.by, CreditMove.sessions, Credit.statement_name)
        .join(Credit, Credit.id == CreditMove.credit_id)
        .where(Credit.client_id == client.id, CreditMove.kind.in_(SESSIONS))
        .order_by(CreditMove.id.desc())
        .limit(MOST)
    )
    for row in db.session.execute(rows):
        yield Moment(row.at, "sessions", f"{row.statement_name} {SESSIONS[row.kind]}", by=row.by)


def _cases(client: Client, *, reads_health: bool) -> Iterator[Moment]:
    for case in db.session.scalars(select(Case).where(Case.client_id == client.id).order_by(Case.id.desc()).limit(MOST)):
        hidden = case.kind in REACTIONS and not reads_health
        words, path = ("A case", "") if hidden else (KINDS[case.kind], f"/admin/cases/{case.id}")
        yield Moment(case.opened_at, "case", f"{words} was opened", path, case.opened_by)
        if case.closed_at is not None:
            yield Moment(case.closed_at, "case", f"{words} was closed", path, case.closed_by or "")
