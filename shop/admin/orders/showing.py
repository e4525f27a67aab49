"""An order as the desk reads it: what to do next, its lines with their lots, its money, its people and its history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from shop.accounts.models import Client
from shop.admin.orders.timeline import Moment, timeline
from shop.admin.orders.words import DELIVERIES, REFUNDS, Word, fulfilment_word, payment_word
from shop.catalog.models import Variant
from shop.core.db import db, one_or_404
from shop.core.history import history_of
from shop.inventory.bins import bins_of
from shop.inventory.models import UNKNOWN_LOT, Lot, Stock
from shop.orders.fulfilling import tracking_link
from shop.orders.instead import Offered, offers_of
from shop.orders.models import Invoice, Order, OrderLine, Parcel
from shop.orders.refunding import NOT_COMING_BACK, refundable_minor
from shop.orders.showing import TENDERS
from shop.payments.ledger import COMES_BACK, COMES_IN, GOES_OUT, events_of, has_open_dispute
from shop.payments.models import PaymentEvent, Refund
from shop.terms.addresses import country_name
from shop.wallet.models import Credit

GONE = "There is no order with this number."


@dataclass(frozen=True)
class Line:
    """`is_part` stands under its box or package."""

    id: int
    name: str
    sku: str
    lot: str
    expires_on: date | None
    quantity: int
    done: int
    called_off: int
    gross_minor: int
    is_part: bool
    has_goods: bool
    is_owed: bool = False
    expected_on: date | None = None
    bin: str = ""
    note: str = ""

    @property
    def left(self) -> int:
        """Units that are still here, or owed."""
        return self.quantity - self.done - self.called_off if self.has_goods else 0


@dataclass
class Sheet:
    """Everything the order's page speaks of."""

    order: Order
    lines: list[Line]
    fulfilment: Word
    payment: Word
    delivery: str
    events: list[PaymentEvent]
    refunds: list[tuple[Refund, Word]]
    captured_minor: int
    back_minor: int
    on_its_way_minor: int
    refundable_minor: int
    client: Client | None
    credits: list[Credit]
    parcels: list[tuple[Parcel, str]]
    invoices: list[Invoice]
    history: list[Moment]
    address: list[str]
    is_disputed: bool = False
    offers: list[Offered] = field(default_factory=list)
    tenders: dict[str, str] = field(default_factory=lambda: dict(TENDERS))

    @property
    def is_ready(self) -> bool:
        return any(parcel.state == "ready" for parcel, _ in self.parcels)

    @property
    def shelved(self) -> list[Line]:
        """The lines of which something can be packed, by place."""
        return sorted(
            (line for line in self.lines if line.left and not line.is_owed), key=lambda line: (not line.bin, line.bin)
        )

    @property
    def can_be_sent(self) -> bool:
        return self._waits and self.order.delivery == "ship"

    @property
    def can_be_ready(self) -> bool:
        return self._waits and self.order.delivery == "collect" and not self.is_ready

    @property
    def can_be_collected(self) -> bool:
        return self._waits and self.order.delivery == "collect"

    @property
    def _waits(self) -> bool:
        return self.order.state == "placed" and self.order.fulfilment in ("open", "part")


def get_order(number: str) -> Order:
    """Raises NotFound."""
    return one_or_404(select(Order).where(Order.number == number), GONE)


def sheet(order: Order, *, names_sessions: bool) -> Sheet:
    """A fixed number of statements. Without `names_sessions` packages keep their neutral name."""
    events = events_of(order.number)
    invoices = list(db.session.scalars(select(Invoice).where(Invoice.order_id == order.id).order_by(Invoice.id)))
    history = history_of(f"order:{order.number}")
    parcels = list(db.session.scalars(select(Parcel).where(Parcel.order_id == order.id).order_by(Parcel.id)))
    refunds = list(db.session.scalars(select(Refund).where(Refund.order_number == order.number).order_by(Refund.id)))
    captured, back = _sum(events, COMES_IN), _sum(events, GOES_OUT) - _sum(events, COMES_BACK)
    stands = {"state": order.state, "fulfilment": order.fulfilment, "delivery": order.delivery}
    ready = any(parcel.state == "ready" for parcel in parcels)
    return Sheet(
        order=order,
        lines=_lines(order, names_sessions=names_sessions),
        fulfilment=fulfilment_word(**stands, is_ready=ready),
        payment=payment_word(state=order.state, total_minor=order.total_minor, captured_minor=captured, back_minor=back),
        delivery=DELIVERIES[order.delivery],
        events=events,
        refunds=[(refund, REFUNDS[refund.state]) for refund in refunds],
        captured_minor=captured,
        back_minor=back,
        on_its_way_minor=_on_its_way(events, refunds),
        refundable_minor=refundable_minor(order.number),
        client=db.session.get(Client, order.client_id) if order.client_id else None,
        credits=_credits(order) if names_sessions else [],
        parcels=[(parcel, tracking_link(parcel.carrier, parcel.tracking)) for parcel in parcels],
        invoices=invoices,
        history=timeline(order, events=events, history=history, invoices=invoices),
        address=_address(order),
        is_disputed=has_open_dispute(order.number),
        offers=offers_of(order.id),
    )


def _sum(events: list[PaymentEvent], kinds: tuple[str, ...]) -> int:
    return sum(event.amount_minor for event in events if event.kind in kinds)


def _on_its_way(events: list[PaymentEvent], refunds: list[Refund]) -> int:
    """Reserved for refunds that the ledger does not know yet."""
    known = {event.reference for event in events}
    return sum(
        refund.amount_minor
        for refund in refunds
        if refund.state not in NOT_COMING_BACK and f"refunded:{refund.stripe_id}" not in known
    )


def _lines(order: Order, *, names_sessions: bool) -> list[Line]:
    rows = (
        select(OrderLine, Variant.sku, Lot.code, Lot.expires_on)
        .outerjoin(Variant, Variant.id == OrderLine.variant_id)
        .outerjoin(Stock, Stock.id == OrderLine.stock_id)
        .outerjoin(Lot, Lot.id == Stock.lot_id)
        .where(OrderLine.order_id == order.id)
        .order_by(OrderLine.position)
    )
    read = db.session.execute(rows).all()
    bins = bins_of(row[0].variant_id for row in read if row[0].variant_id)
    return [_line(*row, bins.get(row[0].variant_id or 0, ""), names_sessions=names_sessions) for row in read]


def _note(row: OrderLine) -> str:
    """What is unusual about a line."""
    details = row.details
    if details.get("instead_of"):
        return f"instead of {details['instead_of']}, as agreed"
    if details.get("replaces"):
        return str(details["detail"])
    return "the client agreed to its date" if details.get("short_dated") else ""


def _line(
    row: OrderLine, sku: str | None, lot: str | None, expires_on: date | None, bin: str, *, names_sessions: bool
) -> Line:
    neutral = row.kind in ("package", "addon") and not names_sessions
    return Line(
        id=row.id,
        name=row.statement_name if neutral else row.name,
        sku=sku or "",
        lot="" if lot in (None, UNKNOWN_LOT) else str(lot),
        expires_on=expires_on,
        quantity=row.quantity,
        done=row.done,
        called_off=row.called_off,
        gross_minor=row.gross_minor,
        is_part=row.parent_position is not None,
        has_goods=row.kind == "variant",
        is_owed=row.kind == "variant" and row.stock_id is None,
        expected_on=row.expected_on,
        bin=bin,
        note=_note(row),
    )


def _credits(order: Order) -> list[Credit]:
    mine = select(Credit).where(Credit.order_number == order.number, Credit.kind == "sessions").order_by(Credit.id)
    return list(db.session.scalars(mine))


def _address(order: Order) -> list[str]:
    at: dict[str, Any] = order.address or {}
    lines = [at[name] for name in ("name", "line1", "line2", "city", "postcode") if at.get(name)]
    return [*lines, country_name(order.country)] if lines else []
