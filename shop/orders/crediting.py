"""A refund that has arrived is put right on paper: one credit note for what was invoiced, and a letter to the client."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from shop.core.db import db
from shop.core.mail import send
from shop.core.money import money, split
from shop.orders.filing import order_link
from shop.orders.invoicing import issue_credit_note
from shop.orders.models import Invoice, Order
from shop.orders.refunding import WHOLE
from shop.payments.models import Refund

CALLED_OFF = "Called off by the client"


def credit_refund(*, refund_id: int) -> None:
    """Outbox handler of "refund.succeeded"; done twice it is done once.

    A payment that bought nothing (paid twice, or too late) was never invoiced: it gets the letter alone.
    """
    refund = db.session.get_one(Refund, refund_id)
    order = db.session.scalars(select(Order).where(Order.number == refund.order_number)).one()
    invoice = db.session.scalars(select(Invoice).where(Invoice.order_id == order.id, Invoice.kind == "invoice")).first()
    if invoice is not None and not refund.cause.startswith(WHOLE):
        rows = refund.parts or _shares(refund, invoice)
        issue_credit_note(order, rows, cause=f"refund:{refund.id}", reason=refund.reason)
    _tell(refund, order)


def _shares(refund: Refund, invoice: Invoice) -> list[dict[str, Any]]:
    """An amount that names no lines is shared over what is left of the invoice by rate; whoever is last gets the rest."""
    left = _left(invoice)
    shares = split(refund.amount_minor, [gross for _, gross, _ in left])
    return [
        {
            "what": refund.reason or "Refund",
            "quantity": 1,
            "gross_minor": share,
            "vat_minor": vat if share == gross else vat * share // gross,
            "vat_percent": percent,
        }
        for share, (percent, gross, vat) in zip(shares, left, strict=True)
        if share
    ]


def _left(invoice: Invoice) -> list[tuple[str, int, int]]:
    """(percent, gross, VAT) of each rate, less what earlier credit notes took back."""
    sums = {rate["percent"]: [rate["gross_minor"], rate["vat_minor"]] for rate in invoice.content["rates"]}
    notes = select(Invoice).where(Invoice.order_id == invoice.order_id, Invoice.kind == "credit_note")
    for note in db.session.scalars(notes):
        for rate in note.content["rates"]:
            had = sums.setdefault(rate["percent"], [0, 0])
            had[0], had[1] = had[0] - rate["gross_minor"], had[1] - rate["vat_minor"]
    return [(percent, gross, vat) for percent, (gross, vat) in sorted(sums.items()) if gross > 0]


def _tell(refund: Refund, order: Order) -> None:
    send(
        "refund_sent",
        to=order.email,
        subject=f"Your money is on its way back: order {order.number}",
        key=f"refund_sent:{refund.id}",
        name=order.name,
        number=order.number,
        amount=money(refund.amount_minor, refund.currency),
        reason="" if refund.reason == CALLED_OFF else refund.reason,  # who called it off knows
        link=order_link(order.number),
    )
