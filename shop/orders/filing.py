"""After an order is placed: its client, its invoice, its e-mails; done by the worker, and harmless to do twice."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from shop.accounts.guests import open_file
from shop.bag import filling
from shop.core.db import db
from shop.core.handlers import fire
from shop.core.mail import send
from shop.core.settings import setting
from shop.orders import placing
from shop.orders.accepting import accept_link
from shop.orders.access import link_token
from shop.orders.invoicing import issue_invoice
from shop.orders.models import Order, OrderLine
from shop.orders.onto_cards import make_cards
from shop.orders.sums import sums_before_delivery


def file_order(*, number: str) -> None:
    """Outbox handler of "order.placed"."""
    order = db.session.scalars(select(Order).where(Order.number == number)).one()
    if order.client_id is None and order.email:
        client = open_file(name=order.name, email=order.email, phone=order.phone)
        placing.claim_for(order.id, client.id)
    if order.bag_id:
        filling.empty(order.bag_id, up_to=order.made_at, lines=order.promise.get("lines"))
    lines = list(db.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.position)))
    make_cards(order, lines)
    placing.refresh_shelves((stock_id, units) for stock_id, units in order.holds)
    if order.total_minor:
        issue_invoice(order)
    _confirm(order, lines)
    if order.for_someone:
        invite(order)
    fire("order.filed", order_id=order.id)


def order_link(number: str) -> str:
    """The signed address that opens an order without a sign-in."""
    return f"{current_app.config['SHOP'].site_url}/orders/{number}?key={link_token(number)}"


def invite(order: Order) -> None:
    """The person a purchase is for gets the link to accept it."""
    someone = order.for_someone or {}
    send(
        "for_someone",
        to=someone["email"],
        subject=f"{order.name} has something for you at {setting('clinic.name')}",
        key=f"for_someone:{order.number}",
        name=someone["name"],
        giver=order.name,
        link=accept_link(order.number),
    )


def _confirm(order: Order, lines: list[OrderLine]) -> None:
    """The confirmation on a durable medium; no subject and no line names a treatment or a concern."""
    sums = sums_before_delivery(order)
    send(
        "order_placed",
        to=order.email,
        subject=f"Thank you: your order {order.number}",
        key=f"order_placed:{order.number}",
        name=order.name,
        number=order.number,
        lines=_shown(lines),
        series_bought=[(_words(line), len(line.details["gaps"]) + 1) for line in lines if line.kind == "package"],
        refunds=list(dict.fromkeys(said["sentence"] for said in order.promise.get("said", []))),
        sums_rows=sums + ([("Delivery", order.delivery_minor)] if order.delivery == "ship" else []),
        total_minor=order.total_minor,
        vat_minor=order.vat_minor,
        collects=order.delivery == "collect",
        ships=order.delivery == "ship",
        has_sessions=order.has_sessions and not order.for_someone,
        link=order_link(order.number),
    )


def _shown(lines: list[OrderLine]) -> list[tuple[str, str, int]]:
    """(words, detail, minor units); a box stands once, with what is in it and what its parts cost together."""
    boxes: dict[int, list[OrderLine]] = {line.position: [] for line in lines if line.kind == "box"}
    for line in lines:
        if line.parent_position in boxes:
            boxes[line.parent_position].append(line)
    found = []
    for line in lines:
        if line.kind == "shipping" or line.parent_position in boxes:
            continue
        inside = boxes.get(line.position, [])
        detail = ", ".join(_words(part) for part in inside)
        found.append((_words(line), detail, line.gross_minor + sum(part.gross_minor for part in inside)))
    return found


def _words(line: OrderLine) -> str:
    name = line.statement_name if line.kind in ("package", "addon") else line.name
    return name if line.quantity == 1 else f"{line.quantity} × {name}"
