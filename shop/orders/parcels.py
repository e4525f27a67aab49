"""Where the goods of an order are, as their buyer reads it: still here, ready to collect, on their way."""

from __future__ import annotations

from sqlalchemy import select

from shop.core.db import db
from shop.core.settings import setting
from shop.core.templating import day
from shop.orders.fulfilling import tracking_link
from shop.orders.models import Order, Parcel

NO_LINK = {"path": "", "words": ""}


def parcel_steps(order: Order) -> list[dict[str, str]]:
    """What comes next for the goods; nothing for sessions alone or for what was collected."""
    if order.delivery == "none":
        return []
    newest = select(Parcel).where(Parcel.order_id == order.id, Parcel.state != "undone").order_by(Parcel.id.desc())
    parcel = db.session.scalars(newest.limit(1)).first()
    return _collected(parcel) if order.delivery == "collect" else [_sent(parcel)]


def _sent(parcel: Parcel | None) -> dict[str, str]:
    step = {"icon": "truck", "title": "Your parcel"} | NO_LINK
    if parcel is None or parcel.left_at is None:
        return step | {"text": "We write as soon as it leaves us."}
    tracking = f", tracking number {parcel.tracking}" if parcel.tracking else ""
    link = tracking_link(parcel.carrier, parcel.tracking)
    follow = {"path": link, "words": "Follow the parcel"} if link else {}
    return step | {"text": f"It left us on {day(parcel.left_at)} with {parcel.carrier}{tracking}."} | follow


def _collected(parcel: Parcel | None) -> list[dict[str, str]]:
    if parcel is not None and parcel.left_at is not None:
        return []
    where = ", ".join(setting("clinic.address"))
    text = f"We write when it is ready at {where}." if parcel is None else f"It lies ready for you at {where}."
    return [{"icon": "bag", "title": "Collect it", "text": text} | NO_LINK]
