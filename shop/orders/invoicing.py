"""Invoices and credit notes: numbers without a gap, and everything on them as it was on the day they were issued."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.core.settings import setting
from shop.orders.models import Invoice, InvoiceSeries, Order, OrderLine

PREFIX = {"invoice": "INV", "credit_note": "CN"}


def issue_invoice(order: Order, *, at: datetime | None = None) -> Invoice:
    """The one invoice of a placed order; asked for again it is the same one. Locks the series while it numbers.

    `at` is another moment than now, for orders that are brought in with their past: in the order of their days.
    """
    lines = select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.position)
    rows = [_printed(line) for line in db.session.scalars(lines) if line.gross_minor or line.kind != "box"]
    return _issue("invoice", order, rows, order.total_minor, order.vat_minor, cause=f"order:{order.number}", at=at)


def issue_credit_note(order: Order, rows: list[dict[str, Any]], *, cause: str, reason: str) -> Invoice:
    """Money that went back, named by what it was for. `rows` are the parts of a refund (see `refunding`)."""
    gross, vat = sum(row["gross_minor"] for row in rows), sum(row["vat_minor"] for row in rows)
    return _issue("credit_note", order, rows, gross, vat, cause=cause, reason=reason)


def _issue(
    kind: str,
    order: Order,
    rows: list[dict[str, Any]],
    gross: int,
    vat: int,
    *,
    cause: str,
    reason: str = "",
    at: datetime | None = None,
) -> Invoice:
    known = db.session.scalars(select(Invoice).where(Invoice.cause == cause)).first()
    if known is not None:
        return known
    now = at or clock.now()
    series = f"{PREFIX[kind]}-{clock.local(now).year}"
    serial = _next(series)
    invoice = Invoice(
        series=series,
        serial=serial,
        number=f"{series}-{serial:05}",
        kind=kind,
        order_id=order.id,
        cause=cause,
        content=_content(order, rows) | {"reason": reason},
        gross_minor=gross,
        vat_minor=vat,
        currency=order.currency,
        issued_at=now,
    )
    db.session.add(invoice)
    db.session.flush()
    return invoice


def _next(series: str) -> int:
    """One more, under the row's lock: a transaction that fails gives its number back."""
    if db.session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_of
    else:
        from sqlalchemy.dialects.sqlite import insert as insert_of  # type: ignore[assignment]
    first = insert_of(InvoiceSeries).values(name=series, last=1)
    raised = first.on_conflict_do_update(index_elements=["name"], set_={"last": InvoiceSeries.last + 1})
    quiet = {"synchronize_session": False}
    return int(db.session.scalar(raised.returning(InvoiceSeries.last), execution_options=quiet) or 0)


def _content(order: Order, rows: list[dict[str, Any]]) -> dict[str, Any]:
    rates: dict[str, list[int]] = {}
    for percent, gross, vat in (rate for row in rows for rate in _rates(row)):
        sums = rates.setdefault(percent, [0, 0])
        sums[0] += gross
        sums[1] += vat
    return {
        "seller": {
            name: setting(f"clinic.{name}") for name in ("legal_name", "address", "vat_number", "company_number", "phone")
        },
        "buyer": {"name": order.name, "address": order.address, "country": order.country},
        "order": order.number,
        "supplied_on": clock.local(order.placed_at or order.made_at).date().isoformat(),
        "lines": rows,
        "codes": order.codes,
        "rates": [{"percent": percent, "gross_minor": g, "vat_minor": v} for percent, (g, v) in sorted(rates.items())],
    }


def _rates(row: dict[str, Any]) -> list[Any]:
    """Delivery over goods of several rates stands on the invoice once and counts in each of them."""
    return row.get("rates") or [[row["vat_percent"], row["gross_minor"], row["vat_minor"]]]


def _printed(line: OrderLine) -> dict[str, Any]:
    return {
        "what": line.statement_name if line.kind in ("package", "addon") else line.name,
        "detail": line.details.get("detail", "") if line.kind == "variant" else "",
        "quantity": line.quantity,
        "gross_minor": line.gross_minor,
        "vat_minor": line.vat_minor,
        "vat_percent": line.vat_percent,
        "rates": line.details.get("rates"),
    }
