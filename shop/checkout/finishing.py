"""FINALIZE, second half: stock is allocated, sessions are granted, and everything else is promised through the outbox."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import select

from shop.accounts.guests import open_file
from shop.bag import cards
from shop.checkout.consultation_fee import fee_line_paid
from shop.checkout.upgrading import upgrade_line
from shop.core import outbox
from shop.core.db import db
from shop.intake.answering import belongs_to
from shop.inventory import holding
from shop.orders import placing
from shop.orders.models import Order, OrderLine
from shop.orders.placing import Placed
from shop.payments import ledger
from shop.wallet.granting import Grant, grant

BY = "checkout"


def finish(placed: Placed) -> None:
    """What the winner of the swap does in the same transaction; a failure here undoes the swap too."""
    holding.allocate(placed.holds, cause=f"order:{placed.number}", by=BY)
    if placed.card_minor:
        _count_cards(placed)
    if placed.has_sessions:
        _grant_sessions(placed)
    outbox.put("order.placed", {"number": placed.number}, key=f"order.placed:{placed.number}")


def _count_cards(placed: Placed) -> None:
    """What gift cards hold for this order is money received now."""
    currency = current_app.config["SHOP"].currency
    for card_id, minor in cards.spent_on(placed.number):
        charge = f"gift_card:{placed.number}:{card_id}"
        facts: dict[str, Any] = {"order_number": placed.number, "amount_minor": minor, "currency": currency}
        ledger.write_down(
            "captured", **facts, reference=f"captured:{charge}", tender="gift_card", payment_intent=charge, by=BY
        )


def client_of(order: Order) -> int:
    """The order's client; a guest's order makes one without a sign-in."""
    if order.client_id is None:
        client = open_file(name=order.name, email=order.email, phone=order.phone)
        placing.claim_for(order.id, client.id)
        return client.id
    return order.client_id


def _grant_sessions(placed: Placed) -> None:
    order = db.session.scalars(select(Order).where(Order.id == placed.id)).one()
    kinds = OrderLine.kind.in_(("package", "addon", "upgrade", "consultation"))
    rows = select(OrderLine).where(OrderLine.order_id == placed.id, kinds).order_by(OrderLine.position)
    lines = list(db.session.scalars(rows))
    packages = {line.position: line for line in lines if line.kind == "package"}
    grants: list[Grant] = []
    for line in lines:
        if line.kind == "package":
            grants += _package_grants(line, order.currency)
        elif line.kind == "addon":
            grants.append(_addon_grant(line, packages[line.parent_position or 0], order.currency))
    client_id = client_of(order)
    if order.promise.get("screenings"):
        belongs_to(order.promise["screenings"], client_id)
    grant(client_id, grants, order_number=order.number, by=BY)
    for line in lines:
        if line.kind == "upgrade":
            upgrade_line(line, order, by=BY)
        elif line.kind == "consultation":
            fee_line_paid(line, order, by=BY)


def _package_grants(line: OrderLine, currency: str) -> list[Grant]:
    """Two of the same package are two credits: each has its own series and its own end."""
    facts, sessions = line.details, int(line.details["sessions"])
    return [
        Grant(
            cause=_cause(line, n),
            name=line.name,
            statement_name=line.statement_name,
            sessions=sessions,
            units=_units(line, n * sessions, (n + 1) * sessions),
            validity_days=int(facts["validity_days"]),
            currency=currency,
            area=facts["area"],
            gaps=facts["gaps"],
            package_id=line.package_id,
            treatment_id=facts["treatment_id"],
        )
        for n in range(line.quantity)
    ]


def _addon_grant(line: OrderLine, package: OrderLine, currency: str) -> Grant:
    return Grant(
        cause=_cause(line, 0),
        kind="addon",
        name=line.name,
        statement_name=line.statement_name,
        sessions=line.quantity,
        units=_units(line, 0, line.quantity),
        validity_days=int(package.details["validity_days"]),
        currency=currency,
        addon_id=line.addon_id,
        treatment_id=package.details["treatment_id"],
        parent_cause=_cause(package, 0),
    )


def _cause(line: OrderLine, n: int) -> str:
    return f"order-line:{line.id}:{n}"


def _units(line: OrderLine, start: int, end: int) -> list[Any]:
    shares = zip(line.unit_gross[start:end], line.unit_vat[start:end], strict=True)
    return [[[f"order-line:{line.id}", gross, vat]] for gross, vat in shares]
