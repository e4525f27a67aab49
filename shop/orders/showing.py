"""An order as its buyer reads it: where it is, what was bought, what comes next."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from shop.catalog.looks import look_of
from shop.core.db import db
from shop.core.money import money
from shop.core.settings import setting
from shop.core.templating import day
from shop.orders.models import Invoice, Order, OrderLine
from shop.orders.parcels import parcel_steps
from shop.orders.showing_withdrawals import way_out
from shop.orders.sums import sums_before_delivery
from shop.payments.ledger import events_of
from shop.terms.addresses import country_name
from shop.wallet.models import Credit

STEPS = {"ship": ("Ordered", "Paid", "Packed", "On its way"), "collect": ("Ordered", "Paid", "Ready", "Collected")}
TENDERS = {
    "stripe": "Card",
    "gift_card": "Gift card",
    "cash": "Cash",
    "terminal": "Card at the clinic",
    "bank": "Bank transfer",
}


def shown(order: Order) -> dict[str, Any]:
    """Everything templates/orders/order.html speaks of, in a handful of statements whatever the order's size."""
    rows = select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.position)
    lines = list(db.session.scalars(rows))
    return {
        "number": order.number,
        "first_name": order.name.split()[0] if order.name.split() else order.name,
        "placed_at": order.placed_at or order.made_at,
        "sentence": _sentence(order),
        "notices": _notices(order),
        "steps": _steps(order),
        "series": _series(order),
        "lines": [_line(line) for line in lines if line.kind != "shipping"],
        "sums": _sums(order),
        "total_minor": order.total_minor,
        "vat_minor": order.vat_minor,
        "tenders": [
            {"words": TENDERS.get(event.tender, event.tender), "minor": event.amount_minor}
            for event in events_of(order.number)
            if event.kind == "captured"
        ],
        "address_heading": "Collect at" if order.delivery == "collect" else "Goes to",
        "address_lines": _address(order),
        "documents": _documents(order),
        **way_out(order, lines),
    }


def next_steps(order: Order) -> list[dict[str, str]]:
    """What the buyer can expect, in the order in which it happens."""
    steps = []
    if order.has_sessions:
        call = {"icon": "calendar", "title": "Choose a time for the first session"}
        call |= {"text": f"Call {setting('clinic.phone')} or write to us; the first visit begins with a consultation."}
        steps.append(call | {"path": "/contact", "words": "How to reach us"})
    return [*steps, *parcel_steps(order)]


def _sentence(order: Order) -> str:
    if order.state == "placed":
        return f"We have your payment of {money(order.total_minor, order.currency)}. The receipt goes to {order.email}."
    if order.state == "open":
        return "This order is waiting for its payment. Nothing has been charged yet."
    if order.state == "lapsed":
        return "This order was not paid and has lapsed. Nothing was charged."
    return "This order was cancelled."


def _notices(order: Order) -> list[str]:
    if order.for_someone and order.state == "placed":
        return [f"{order.for_someone['name']} receives an e-mail to accept what you bought for them."]
    return []


def _steps(order: Order) -> list[dict[str, Any]]:
    names = STEPS.get(order.delivery, ("Ordered", "Paid"))
    reached = {"open": 1, "placed": 2}.get(order.state, 1)
    if order.fulfilment == "done":
        reached = len(names)
    elif order.fulfilment == "part":
        reached = min(3, len(names))
    times = [order.made_at, order.placed_at]
    return [
        {
            "words": name,
            "done": n < reached,
            "here": n == reached - 1,
            "at": times[n] if n < len(times) and n < reached else None,
        }
        for n, name in enumerate(names)
    ]


def _series(order: Order) -> list[dict[str, Any]]:
    if not order.has_sessions:
        return []
    mine = select(Credit).where(Credit.order_number == order.number, Credit.kind == "sessions").order_by(Credit.id)
    return [
        {
            "name": credit.name,
            "gaps": credit.gaps,
            "done": credit.used,
            "booked": credit.held - credit.reserved,
            "upkeep_days": None,
            "caption": f"{credit.free} of {credit.granted} left to book. Valid until {day(credit.expires_on, year=True)}.",
        }
        for credit in db.session.scalars(mine)
    ]


def _line(line: OrderLine) -> dict[str, Any]:
    drawing = line.details.get("drawing")
    look = look_of(line.details.get("treatment_id"))
    counted = f"{line.quantity} × {line.name}" if line.quantity > 1 else line.name
    return {
        "name": counted,
        "total_minor": line.gross_minor,
        "detail": line.details.get("detail", ""),
        "drawing": drawing,
        "brand_name": drawing["brand"] if drawing else "",
        "concern_drawing": look.drawing,
        "hue": look.hue,
        "state_word": "",
        "state_kind": "quiet",
    }


def _sums(order: Order) -> list[dict[str, Any]]:
    shown_rows = [{"words": words, "minor": minor, "text": ""} for words, minor in sums_before_delivery(order)]
    if order.delivery == "ship":
        free = "" if order.delivery_minor else "free"
        shown_rows.append({"words": "Delivery", "minor": order.delivery_minor, "text": free})
    if order.delivery == "collect":
        shown_rows.append({"words": "Collect at the clinic", "minor": 0, "text": "free"})
    return shown_rows


def _address(order: Order) -> list[str]:
    if order.delivery == "collect":
        return list(setting("clinic.address"))
    if order.delivery != "ship":
        return []
    at = order.address
    return [at[name] for name in ("name", "line1", "line2", "city", "postcode") if at.get(name)] + [
        country_name(order.country)
    ]


def _documents(order: Order) -> list[dict[str, str]]:
    issued = select(Invoice.number).where(Invoice.order_id == order.id, Invoice.kind == "invoice")
    numbers = db.session.scalars(issued)
    return [{"path": f"/orders/{order.number}/invoice", "words": f"Invoice {number} (PDF)"} for number in numbers]
