"""A placed order as the law of cancelling sees it: the stored shares of each line, what was used, what has left, when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy import select

from shop.bag.cards import cards_of
from shop.bag.models import GiftCard
from shop.core import clock, ledger
from shop.core.db import db
from shop.core.settings import setting
from shop.core.units import Part, Unit
from shop.orders.models import Order, OrderLine, Parcel, Withdrawal
from shop.terms.cancellation import contract_window
from shop.terms.contracts import Facts, Item
from shop.terms.jurisdictions import law_of
from shop.terms.windows import Window
from shop.visits.absences import OURS
from shop.wallet.models import Credit, CreditMove
from shop.wallet.moving import as_move, units_of

OURS_VERSION = "after a delay of ours"
GONE_WITH_TIME = "gone by expire"  # lost by the terms, as a session that took place
LEFT = ("free", "held")


@dataclass(frozen=True)
class Entry:
    """One thing that can be called off. `name` is for its owner, `statement` for letters and papers."""

    item: Item
    name: str
    statement: str
    line: OrderLine
    credit: Credit | None = None
    parent: str = ""

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def is_sessions(self) -> bool:
        return self.item.kind == "sessions"

    @property
    def is_here(self) -> bool:
        """Its money can go back at once: nothing has to come back first."""
        return self.item.kind == "sessions" or self.item.state == "here"


@dataclass(frozen=True)
class Content:
    """`entries` can be called off; `over` were before, and still count for the days of withdrawal."""

    order: Order
    entries: tuple[Entry, ...]
    over: tuple[Item, ...]
    facts: Facts
    has_waiting: bool = field(default=False)

    def __getitem__(self, key: str) -> Entry:
        return next(entry for entry in self.entries if entry.key == key)


def read_content(order: Order, *, on: date | None = None) -> Content:
    """Six statements however large the order is."""
    rows = select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.position)
    lines = list(db.session.scalars(rows))
    said = db.session.scalars(select(Withdrawal).where(Withdrawal.order_id == order.id)).all()
    before = {key for withdrawal in said for key in withdrawal.chosen}
    arrived = _arrivals(order)
    goods = [entry for line in lines for entry in _from_line(line, arrived)]
    facts = facts_of(order, on=on)
    if _was_our_delay(order):
        facts = replace(facts, late="pro-rata", late_version=OURS_VERSION)
    entries = [*_from_credits(order, lines), *goods, *_from_gift_cards(order, lines, facts)]
    return Content(
        order,
        tuple(entry for entry in entries if entry.key not in before),
        tuple(_returned(entry.item) for entry in entries if entry.key in before and not entry.is_sessions),
        facts,
        any(withdrawal.waiting for withdrawal in said),
    )


def country_of(*, number: str) -> str | None:
    """Where the buyer of an order lives: whoever books visits asks by the order's number."""
    return db.session.scalar(select(Order.country).where(Order.number == number))


def window_of(order: Order, lines: Iterable[OrderLine]) -> Window:
    """Until when the whole order can be withdrawn from; one statement, when its lines are at hand."""
    arrived = _arrivals(order)
    goods = [entry.item for line in lines for entry in _from_line(line, arrived) if entry.item.kind == "goods"]
    return contract_window(goods, facts_of(order))


def _was_our_delay(order: Order) -> bool:
    """The clinic moved or called off appointments of these sessions: whatever its terms, what is not used is paid in full."""
    mine = select(CreditMove.id).join(Credit, Credit.id == CreditMove.credit_id).where(Credit.order_number == order.number)
    ours = mine.where(CreditMove.kind == "extend", CreditMove.reason == OURS)
    return db.session.scalar(ours.limit(1)) is not None


def facts_of(order: Order, *, on: date | None = None) -> Facts:
    """The law, the terms and the words as they were when the order was placed."""
    bought_on = clock.local(order.placed_at or order.made_at).date()
    kept = order.promise
    law = law_of(order.jurisdiction, on=bought_on, version=kept.get("law_version"))
    return Facts(
        law=law,
        bought_on=bought_on,
        cancelled_on=max(on or clock.today(), bought_on),
        is_notice_missing=kept.get("has_notice") is False,
        country=order.country,
        late=kept.get("late") or setting("policy.late_terms"),
        late_version=kept.get("late_version", ""),
        currency=order.currency,
    )


def _from_credits(order: Order, lines: Iterable[OrderLine]) -> Iterator[Entry]:
    """Sessions lie in credits, whoever owns them by now; what was given away is still the payer's to be paid back."""
    mine = select(Credit).where(Credit.order_number == order.number).order_by(Credit.id)
    credits = list(db.session.scalars(mine))
    moves: dict[int, list[ledger.Move]] = {credit.id: [] for credit in credits}
    for row in db.session.scalars(select(CreditMove).where(CreditMove.credit_id.in_(moves)).order_by(CreditMove.id)):
        moves[row.credit_id].append(as_move(row))
    by_charge = {charge_of(line): line for line in lines}
    known = {credit.id: credit for credit in credits}
    for credit in credits:
        charges = [part.charge for unit in units_of(credit) for part in unit.parts if part.charge in by_charge]
        line = by_charge.get(charges[-1]) if charges else None
        item = _sessions(credit, moves[credit.id], known.get(credit.parent_id or 0), line)
        if line is not None and item is not None:
            parent = known.get(credit.parent_id or 0)
            yield Entry(item, credit.name, credit.statement_name, line, credit, _credit_key(parent) if parent else "")


def _sessions(credit: Credit, moves: list[ledger.Move], parent: Credit | None, line: OrderLine | None) -> Item | None:
    """Used ones first, then those left; what has gone back, over to a friend or into another package is not here."""
    lying = list(zip(units_of(credit), ledger.places(moves), strict=True))
    used = [unit for unit, place in lying if place in ("used", GONE_WITH_TIME)]
    left = [unit for unit, place in lying if place in LEFT]
    if not left and not used:
        return None
    return Item(
        key=_credit_key(credit),
        kind="sessions",
        what=credit.name,
        units=(*used, *left),
        used=len(used),
        is_requested=(parent or credit).express_at is not None,
        single_minor=line.details.get("single_minor") if line else None,
    )


def _from_line(line: OrderLine, arrived: dict[int, date]) -> Iterator[Entry]:
    """Goods by where they are, delivery, and a consultation; everything else lies in credits or cannot come back."""
    if line.kind == "variant":
        gone, here = _shares(line, 0, line.done), _shares(line, line.done, line.quantity - line.called_off)
        for units, key, on in ((gone, f"line:{line.id}", arrived.get(line.id)), (here, f"line:{line.id}:here", None)):
            if units:
                yield Entry(_goods(line, key, units, on, is_here=key.endswith("here")), line.name, line.name, line)
    elif line.kind == "shipping" and line.gross_minor:
        item = Item(key=f"line:{line.id}", kind="delivery", what=line.name, units=(_whole(line),))
        yield Entry(item, line.name, line.name, line)
    elif line.kind == "consultation" and not line.details.get("late"):  # a fee for calling off late is no purchase
        units = _shares(line, 0, len(line.unit_gross))
        item = Item(key=f"line:{line.id}", kind="sessions", what=line.name, units=units, used=line.done)
        yield Entry(item, line.name, line.statement_name, line)


def _from_gift_cards(order: Order, lines: Iterable[OrderLine], facts: Facts) -> Iterator[Entry]:
    """A card of which nothing was spent can be given back for as long as one may withdraw."""
    bought = [line for line in lines if line.kind == "gift_card"]
    if not bought or facts.cancelled_on > facts.bought_on + timedelta(days=facts.law.window_days):
        return
    whole = {card.cause: card for card in cards_of(order.number) if card.balance_minor == card.amount_minor}
    for line in bought:
        for n in range(line.quantity):
            card = whole.get(f"{charge_of(line)}:{n}")
            if card is not None:
                item = Item(key=card_key(card), kind="sessions", what=line.name, units=_shares(line, n, n + 1))
                yield Entry(item, f"{line.name} ending {card.tail}", line.name, line)


def _goods(line: OrderLine, key: str, units: tuple[Unit, ...], arrives_on: date | None, *, is_here: bool) -> Item:
    state, delivered_on = "in transit", None
    if is_here:
        state = "here"
    elif arrives_on is None or arrives_on <= clock.today():
        state, delivered_on = "sealed", arrives_on
    return Item(key=key, kind="goods", what=line.name, units=units, state=state, delivered_on=delivered_on)


def _arrivals(order: Order) -> dict[int, date]:
    """{line: the day its goods are taken to have arrived}: handed over that day, or some days on the way."""
    parcels = select(Parcel).where(Parcel.order_id == order.id, Parcel.state == "left").order_by(Parcel.id)
    found: dict[int, date] = {}
    for parcel in db.session.scalars(parcels):
        days = setting("delivery.days_on_the_way") if parcel.delivery == "ship" else 0
        on = clock.local(parcel.left_at or parcel.made_at).date() + timedelta(days=days)
        found |= {int(line_id): on for line_id, _ in parcel.lines}
    return found


def _returned(item: Item) -> Item:
    return Item(key=item.key, kind=item.kind, what=item.what, units=(), state="returned")


def charge_of(line: OrderLine) -> str:
    """How stored shares name the line that paid them."""
    return f"order-line:{line.id}"


def card_key(card: GiftCard) -> str:
    return f"card:{card.id}"


def _credit_key(credit: Credit) -> str:
    return f"credit:{credit.code}"


def _shares(line: OrderLine, start: int, end: int) -> tuple[Unit, ...]:
    shares = zip(line.unit_gross[start:end], line.unit_vat[start:end], strict=True)
    return tuple(Unit((Part(charge_of(line), gross, vat),)) for gross, vat in shares)


def _whole(line: OrderLine) -> Unit:
    return Unit((Part(charge_of(line), line.gross_minor, line.vat_minor),))
