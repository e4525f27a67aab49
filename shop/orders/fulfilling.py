"""Goods leave: a parcel is shipped, or put ready and handed over; stock, history and e-mail follow in one unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.core.mail import send
from shop.core.settings import setting
from shop.inventory import holding
from shop.inventory.models import Lot, Stock
from shop.orders.filing import order_link
from shop.orders.models import Order, OrderLine, Parcel
from shop.orders.pack_models import PackScan
from shop.payments.ledger import has_open_dispute

GONE_ALREADY = "The goods of this order have left already."
DISPUTED = "The client's bank is examining this payment. Nothing may leave until it has decided."
TRACKING = {
    "Royal Mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "DPD": "https://track.dpd.co.uk/parcels/{}",
    "Evri": "https://www.evri.com/track/parcel/{}",
}


@dataclass(frozen=True)
class Goods:
    """What an order still has here: (line, stock row, units); no stock row for what is owed."""

    lines: list[tuple[int, int | None, int]]

    @property
    def promises(self) -> list[tuple[int, int]]:
        return [(stock_id, units) for _, stock_id, units in self.lines if stock_id is not None]

    @property
    def shelved(self) -> Goods:
        """Without what is owed: only this can leave."""
        return Goods([line for line in self.lines if line[1] is not None])

    @property
    def units(self) -> int:
        return sum(units for _, _, units in self.lines)

    @property
    def listed(self) -> list[list[int]]:
        return [[line_id, units] for line_id, _, units in self.lines]


def mark_shipped(
    order: Order, *, carrier: str, tracking: str, cause: str, by: str, chosen: Mapping[int, int] | None = None
) -> None:
    """Goods leave by a carrier, all or {line: units} of them, and the client is told. The same cause twice is one parcel.

    Raises Conflict when they have left already, Refused for an order that is collected or not paid.
    """
    if _is_done(order, cause):
        return
    _may_leave(order, "ship")
    goods = _from_open_lots(_chosen(goods_left(order).shelved, chosen))
    rest = goods_left(order).units - goods.units
    parcel_id = _add_parcel(order, goods, state="left", cause=cause, by=by, carrier=carrier, tracking=tracking)
    _leave(order, goods, note=" ".join([carrier, tracking]).strip(), parcel_id=parcel_id, by=by)
    tells: dict[str, Any] = {"carrier": carrier, "tracking": tracking, "tracking_link": tracking_link(carrier, tracking)}
    tells |= {"inside": _named(goods) if rest else [], "rest": rest}
    _tell(order, "order_shipped", f"Your order {order.number} is on its way", parcel_id, **tells)


def mark_ready(order: Order, *, cause: str, by: str) -> None:
    """The goods lie ready at the clinic, and the client is told. A second time changes nothing."""
    if _is_done(order, cause):
        return
    _may_leave(order, "collect")
    if ready_parcel(order) is not None:
        raise Conflict("This order lies ready already.")
    parcel_id = _add_parcel(order, _from_open_lots(goods_left(order).shelved), state="ready", cause=cause, by=by)
    record(f"order:{order.number}", axis="shelf", was=None, now="ready", by=by, details={"parcel": parcel_id})
    where = ", ".join(setting("clinic.address"))
    _tell(order, "order_ready", f"Your order {order.number} is ready to collect", parcel_id, where=where)


def mark_collected(order: Order, *, cause: str, by: str) -> None:
    """The goods are handed over, put ready before or not. The same cause twice is one hand-over."""
    if _is_done(order, cause):
        return
    _may_leave(order, "collect")
    goods = _from_open_lots(goods_left(order).shelved)
    ready = ready_parcel(order)
    parcel_id = ready.id if ready else _add_parcel(order, goods, state="left", cause=cause, by=by)
    if ready:
        left = update(Parcel).where(Parcel.id == ready.id, Parcel.state == "ready")
        changed(left.values(state="left", left_at=clock.now(), cause=cause, lines=goods.listed))
    _leave(order, goods, note="handed over at the clinic", parcel_id=parcel_id, by=by)


def goods_left(order: Order) -> Goods:
    """What has not left yet, by line, with what is owed."""
    units = OrderLine.quantity - OrderLine.done - OrderLine.called_off
    goods = OrderLine.order_id == order.id, OrderLine.kind == "variant", units > 0
    rows = db.session.execute(select(OrderLine.id, OrderLine.stock_id, units).where(*goods).order_by(OrderLine.id))
    return Goods([(line_id, stock_id, left) for line_id, stock_id, left in rows])


def ready_parcel(order: Order) -> Parcel | None:
    waiting = select(Parcel).where(Parcel.order_id == order.id, Parcel.state == "ready")
    return db.session.scalars(waiting).first()


def tracking_link(carrier: str, tracking: str) -> str:
    """Where a carrier shows the parcel; empty for one we do not know or a number that could be no number."""
    pattern = TRACKING.get(carrier, "")
    return pattern.format(tracking) if pattern and tracking.isalnum() else ""


def _is_done(order: Order, cause: str) -> bool:
    """Take the order's lock, then see whether this very click has had its effect."""
    changed(update(Order).where(Order.id == order.id).values(state=Order.state))
    db.session.refresh(order)
    return db.session.scalar(select(Parcel.id).where(Parcel.cause == cause)) is not None


def _may_leave(order: Order, delivery: str) -> None:
    if order.state != "placed":
        raise Refused("Only a paid order can leave.")
    if order.fulfilment == "done":
        raise Conflict(GONE_ALREADY)
    if has_open_dispute(order.number):
        raise Conflict(DISPUTED)
    if order.delivery != delivery:
        word = "is collected at the clinic" if order.delivery == "collect" else "is not collected at the clinic"
        raise Refused(f"This order {word}.")


def _from_open_lots(goods: Goods) -> Goods:
    ids = [stock_id for stock_id, _ in goods.promises]
    shut = or_(Lot.state != "open", Lot.expires_on <= clock.today())
    lots = select(Lot).join(Stock, Stock.lot_id == Lot.id).where(Stock.id.in_(ids), shut)
    lot = db.session.scalars(lots.order_by(Lot.id)).first()
    if lot is not None:
        what = "set aside or recalled" if lot.state != "open" else "past its date"
        raise Refused(f"Lot {lot.code} is {what}: take the goods from another lot first.")
    return goods


def _chosen(goods: Goods, chosen: Mapping[int, int] | None) -> Goods:
    """These units of these lines. Raises Refused for more than there is."""
    if chosen is None:
        return goods
    left = {line_id: (stock_id, units) for line_id, stock_id, units in goods.lines}
    if any(units < 0 or units > left.get(line_id, (0, 0))[1] for line_id, units in chosen.items()):
        raise Refused("That is more than is here of one line. Look at the numbers again.", field="units")
    return Goods([(line_id, left[line_id][0], units) for line_id, units in sorted(chosen.items()) if units])


def _named(goods: Goods) -> list[str]:
    names = select(OrderLine.id, OrderLine.name).where(OrderLine.id.in_([line_id for line_id, _, _ in goods.lines]))
    known = dict(db.session.execute(names).all())
    return [f"{units} × {known[line_id]}" for line_id, _, units in goods.lines]


def _add_parcel(
    order: Order, goods: Goods, *, state: str, cause: str, by: str, carrier: str = "", tracking: str = ""
) -> int:
    if not goods.lines:
        raise Refused("Nothing of this order is left on the shelf.")
    now = clock.now()
    facts = {"order_id": order.id, "delivery": order.delivery, "state": state, "cause": cause, "by": by}
    times = {"made_at": now, "left_at": now if state == "left" else None}
    parcel = insert(Parcel).values(**facts, **times, carrier=carrier, tracking=tracking, lines=goods.listed)
    return int(db.session.scalar(parcel.returning(Parcel.id)) or 0)


def _leave(order: Order, goods: Goods, *, note: str, parcel_id: int, by: str) -> None:
    """Stock, lines and the order's axis move together."""
    was = order.fulfilment
    now = "done" if goods.units == goods_left(order).units else "part"
    moved = update(Order).where(Order.id == order.id, Order.fulfilment == was).values(fulfilment=now)
    if not changed(moved):
        raise Conflict(GONE_ALREADY)
    holding.dispatch(goods.promises, cause=f"parcel:{parcel_id}", by=by)
    for line_id, _, units in goods.lines:
        changed(update(OrderLine).where(OrderLine.id == line_id).values(done=OrderLine.done + units))
    db.session.execute(delete(PackScan).where(PackScan.order_id == order.id))
    subject, details = f"order:{order.number}", {"parcel": parcel_id}
    record(subject, axis="fulfilment", was=was, now=now, by=by, note=note, details=details)
    db.session.expire(order)


def _tell(order: Order, template: str, subject: str, parcel_id: int, **words: Any) -> None:
    send(
        template,
        to=order.email,
        subject=subject,
        key=f"{template}:{parcel_id}",
        name=order.name,
        number=order.number,
        link=order_link(order.number),
        **words,
    )
