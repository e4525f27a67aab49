"""Orders are found by where they stand and by what a person has at hand: a number, a name, an address, an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, text

from shop.accounts.assigning import Reader, is_bound, seen_by
from shop.catalog.models import Variant
from shop.core import clock
from shop.core.db import db
from shop.core.settings import setting
from shop.inventory.leaving import leaving_day
from shop.orders.models import TO_SEND, Order, OrderLine, Parcel
from shop.payments.ledger import COMES_BACK, COMES_IN, GOES_OUT
from shop.payments.models import PaymentEvent

PER_PAGE = 50
LONGEST_QUESTION = 120
STATES = ("open", "placed", "lapsed", "cancelled")
FULFILMENT = ("to-send", "ready", "done", "nothing")
PAYMENT = ("paid", "unpaid", "refunded")
DELIVERY = ("ship", "collect", "none")


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty part means any. `since` is the first day of placing."""

    q: str = ""
    state: str = ""
    fulfilment: str = ""
    payment: str = ""
    delivery: str = ""
    since: date | None = None
    client_id: int | None = None


@dataclass(frozen=True)
class Found:
    """One row of the list. `what` is its first line in neutral words, `more` how many others there are."""

    id: int
    number: str
    at: datetime
    name: str
    email: str
    state: str
    fulfilment: str
    delivery: str
    is_ready: bool
    total_minor: int
    currency: str
    captured_minor: int
    back_minor: int
    what: str
    more: int
    due: date | None = None

    @property
    def is_late(self) -> bool:
        """It should have left before today."""
        return self.due is not None and self.due < clock.today()


@dataclass(frozen=True)
class Page:
    """Newest first; `after` leads to the older ones."""

    orders: list[Found]
    after: int | None


def find_orders(
    wanted: Wanted,
    *,
    after: int | None = None,
    limit: int = PER_PAGE,
    oldest_first: bool = False,
    reader: Reader | None = None,
) -> Page:
    """Three statements however many orders there are, one more for a search; with a reader only those of clients whom they may see."""
    order = Order.id.asc() if oldest_first else Order.id.desc()
    asked = _columns().where(*_conditions(wanted)).order_by(order).limit(limit + 1)
    if reader is not None and is_bound(reader):
        asked = asked.where(or_(Order.client_id.is_(None), seen_by(reader, Order.client_id)))
    if after is not None:
        asked = asked.where(Order.id > after if oldest_first else Order.id < after)
    rows = db.session.execute(asked).all()
    shown = rows[:limit]
    money, words = _money([row.number for row in shown]), _first_lines([row.id for row in shown])
    found = [_found(row, money.get(row.number, (0, 0)), words.get(row.id, ("", 0))) for row in shown]
    return Page(found, shown[-1].id if len(rows) > limit else None)


def count_orders(wanted: Wanted, *, most: int = 100) -> int:
    """How many there are, counted no further than `most`."""
    some = select(Order.id).where(*_conditions(wanted)).limit(most).subquery()
    return int(db.session.scalar(select(func.count()).select_from(some)) or 0)


def ready_for(client_id: int) -> list[str]:
    """The numbers of orders whose goods lie ready for this client, the oldest first."""
    mine = select(Order.number).where(Order.client_id == client_id, Order.state == "placed", is_ready())
    return list(db.session.scalars(mine.order_by(Order.id)))


def is_ready() -> ColumnElement[bool]:
    """Goods of the order lie ready to be collected."""
    return exists().where(Parcel.order_id == Order.id, Parcel.state == "ready")


def _columns() -> Any:
    at = func.coalesce(Order.placed_at, Order.made_at).label("at")
    facts = (Order.id, Order.number, at, Order.name, Order.email, Order.state, Order.fulfilment, Order.delivery)
    return select(*facts, is_ready().label("is_ready"), Order.total_minor, Order.currency)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[Any] = []
    if wanted.q.strip():
        found.append(_matching(wanted.q.strip()[:LONGEST_QUESTION]))
    if wanted.state in STATES:
        found.append(Order.state == wanted.state)
    if wanted.delivery in DELIVERY:
        found.append(Order.delivery == wanted.delivery)
    if wanted.fulfilment in FULFILMENT:
        found.append(_standing(wanted.fulfilment))
    if wanted.payment in PAYMENT:
        found.append(_paid(wanted.payment))
    if wanted.client_id is not None:
        found.append(Order.client_id == wanted.client_id)
    if wanted.since is not None:
        found.append(Order.placed_at >= clock.local_midnight(wanted.since))
    return found


def _matching(words: str) -> ColumnElement[bool]:
    """What was typed in full is found by its index; only what was not is looked for inside names and addresses."""
    exact = _in_full(words)
    if db.session.scalar(select(Order.id).where(exact).limit(1)) is not None:
        return exact
    return _in_part(words)


def _in_full(words: str) -> ColumnElement[bool]:
    """A whole address when it has an @; else a whole number, with or without its prefix."""
    if "@" in words:
        return Order.email.in_({words, words.lower()})
    upper = words.upper()
    return Order.number.in_((upper, setting("orders.number_prefix") + upper))


def _in_part(words: str) -> ColumnElement[bool]:
    """A part of an address when it has an @; else the beginning of a number, a name, an article number or barcode."""
    if "@" in words:
        return func.lower(Order.email).contains(words.lower(), autoescape=True)
    upper = words.upper()
    numbers = [
        Order.number.startswith(start, autoescape=True) for start in (upper, setting("orders.number_prefix") + upper)
    ]
    of_article = select(OrderLine.order_id).join(Variant, Variant.id == OrderLine.variant_id)
    article = Order.id.in_(of_article.where(or_(Variant.sku.in_((words, upper)), Variant.barcode == words)))
    by_name = func.lower(Order.name).contains(words.lower(), autoescape=True)
    return or_(*numbers, by_name, article, func.lower(Order.email).startswith(words.lower(), autoescape=True))


def _standing(fulfilment: str) -> Any:
    if fulfilment == "to-send":
        return and_(text(TO_SEND), not_(is_ready()))
    if fulfilment == "ready":
        return and_(text(TO_SEND), is_ready())
    if fulfilment == "done":
        return Order.fulfilment == "done"
    return Order.delivery == "none"


def _paid(payment: str) -> Any:
    came_in = _has_event(COMES_IN)
    if payment == "unpaid":
        return not_(came_in)
    gone = _has_event(GOES_OUT)
    return and_(came_in, gone if payment == "refunded" else not_(gone))


def _has_event(kinds: Sequence[str]) -> ColumnElement[bool]:
    return exists().where(PaymentEvent.order_number == Order.number, PaymentEvent.kind.in_(kinds))


def _money(numbers: Sequence[str]) -> dict[str, tuple[int, int]]:
    """number → (came in, went back)."""
    if not numbers:
        return {}
    sums = select(PaymentEvent.order_number, PaymentEvent.kind, func.sum(PaymentEvent.amount_minor))
    rows = db.session.execute(
        sums.where(PaymentEvent.order_number.in_(numbers)).group_by(PaymentEvent.order_number, PaymentEvent.kind)
    )
    found: dict[str, tuple[int, int]] = {}
    for number, kind, minor in rows:
        came, back = found.get(number, (0, 0))
        came += int(minor) if kind in COMES_IN else 0
        back += int(minor) if kind in GOES_OUT else -int(minor) if kind in COMES_BACK else 0
        found[number] = (came, back)
    return found


def _first_lines(order_ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """order → (its first line, how many others). Sessions by their neutral name: not every desk may tie them to a person."""
    if not order_ids:
        return {}
    whole = OrderLine.parent_position.is_(None) & (OrderLine.kind != "shipping")
    rows = select(OrderLine.order_id, OrderLine.kind, OrderLine.name, OrderLine.statement_name, OrderLine.quantity)
    found: dict[int, tuple[str, int]] = {}
    for row in db.session.execute(
        rows.where(OrderLine.order_id.in_(order_ids), whole).order_by(OrderLine.order_id, OrderLine.position)
    ):
        if row.order_id in found:
            words, more = found[row.order_id]
            found[row.order_id] = (words, more + 1)
            continue
        name = row.name if row.kind == "variant" else row.statement_name
        found[row.order_id] = (f"{row.quantity} × {name}" if row.quantity > 1 else name, 0)
    return found


def _found(row: Any, money: tuple[int, int], words: tuple[str, int]) -> Found:
    waits = row.state == "placed" and row.delivery == "ship" and row.fulfilment in ("open", "part")
    due = leaving_day(row.at) if waits else None
    return Found(**row._mapping, captured_minor=money[0], back_minor=money[1], what=words[0], more=words[1], due=due)
