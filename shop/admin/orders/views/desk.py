"""The list of orders, one order, and what is done to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.orders.chosen import chosen_units
from shop.admin.orders.forms import NoteForm, ShippedForm
from shop.admin.orders.showing import get_order, sheet
from shop.admin.orders.views.saved import saved_filters
from shop.admin.orders.words import fulfilment_word, payment_word
from shop.admin.pages import bp
from shop.admin.paging import after_of, first_path, next_path
from shop.core.db import db
from shop.core.errors import NotFound, ShopError
from shop.core.history import actor
from shop.orders.finding import DELIVERY, FULFILMENT, PAYMENT, STATES, Wanted, find_orders
from shop.orders.fulfilling import mark_collected, mark_ready, mark_shipped
from shop.orders.models import Invoice, Order
from shop.orders.noting import add_note

VIEWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("All", {}),
    ("To send", {"fulfilment": "to-send"}),
    ("Ready to collect", {"fulfilment": "ready"}),
    ("Sent or collected", {"fulfilment": "done"}),
    ("Waiting for payment", {"state": "open"}),
    ("Paid back", {"payment": "refunded"}),
)


@bp.get("/orders")
@right_needed("orders")
def orders() -> Any:
    wanted = Wanted(
        q=request.args.get("q", "").strip()[:120],
        state=_one_of("state", STATES),
        fulfilment=_one_of("fulfilment", FULFILMENT),
        payment=_one_of("payment", PAYMENT),
        delivery=_one_of("delivery", DELIVERY),
        since=_day("since"),
    )
    page = find_orders(wanted, after=after_of(request.args), reader=current_user)
    rows = [(row, _goods_word(row), _money_word(row)) for row in page.orders]
    paths = {"next_url": next_path(page.after), "first_url": first_path()}
    return render_template(
        "admin/orders/list.html", wanted=wanted, views=_views(wanted), saved=saved_filters(), rows=rows, **paths
    )


@bp.get("/orders/<number>")
@right_needed("orders")
def order(number: str) -> Any:
    return _page(get_order(number))


@bp.post("/orders/<number>/shipped")
@right_needed("fulfilment")
def order_shipped(number: str) -> Any:
    order, form = get_order(number), ShippedForm()
    if not form.validate_on_submit():
        return _page(order, shipped=form), 422
    try:
        words = {"carrier": form.carrier.data, "tracking": (form.tracking.data or "").replace(" ", "")}
        mark_shipped(order, **words, chosen=chosen_units(), cause=cause_of("shipped"), by=actor(current_user))
    except ShopError as error:
        return refused(number, error, shipped=form)
    return _done(number, "Marked as sent. The client gets an e-mail.")


@bp.post("/orders/<number>/ready")
@right_needed("fulfilment")
def order_ready(number: str) -> Any:
    try:
        mark_ready(get_order(number), cause=cause_of("ready"), by=actor(current_user))
    except ShopError as error:
        return refused(number, error)
    return _done(number, "It lies ready. The client gets an e-mail.")


@bp.post("/orders/<number>/collected")
@right_needed("fulfilment")
def order_collected(number: str) -> Any:
    try:
        mark_collected(get_order(number), cause=cause_of("collected"), by=actor(current_user))
    except ShopError as error:
        return refused(number, error)
    return _done(number, "Handed over.")


@bp.post("/orders/<number>/notes")
@right_needed("orders")
def order_note(number: str) -> Any:
    order, form = get_order(number), NoteForm()
    if not form.validate_on_submit():
        return _page(order, noted=form), 422
    try:
        add_note(order, form.note.data or "", cause=cause_of("note"), by=actor(current_user))
    except ShopError as error:
        return refused(number, error, noted=form)
    return _done(number, "The note is kept.")


@bp.get("/orders/<number>/invoices/<paper>")
@right_needed("orders")
def order_invoice(number: str, paper: str) -> Any:
    order = get_order(number)
    issued = db.session.scalars(select(Invoice).where(Invoice.order_id == order.id, Invoice.number == paper)).first()
    if issued is None:
        raise NotFound("This order has no such paper.")
    from shop.orders.printing import pdf

    headers = {"Content-Disposition": f'inline; filename="{issued.number}.pdf"'}
    return Response(pdf(issued), mimetype="application/pdf", headers=headers)


def _one_of(name: str, known: tuple[str, ...]) -> str:
    """A filter that does not exist is no filter."""
    given = request.args.get(name, "")
    return given if given in known else ""


def _day(name: str) -> date | None:
    """A plausible day; anything else is no filter."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 1990 < day.year < 2200 else None


def _views(wanted: Wanted) -> list[tuple[str, str, bool]]:
    now = {name: value for name, value in vars(wanted).items() if value and name != "q"}
    q: dict[str, Any] = {"q": wanted.q} if wanted.q else {}
    return [(words, url_for("admin.orders", **filters, **q), now == filters) for words, filters in VIEWS]


def _goods_word(row: Any) -> tuple[str, str]:
    return fulfilment_word(state=row.state, fulfilment=row.fulfilment, delivery=row.delivery, is_ready=row.is_ready)


def _money_word(row: Any) -> tuple[str, str]:
    sums = {"total_minor": row.total_minor, "captured_minor": row.captured_minor, "back_minor": row.back_minor}
    return payment_word(state=row.state, **sums)


def _page(order: Order, *, shipped: ShippedForm | None = None, noted: NoteForm | None = None, problem: str = "") -> str:
    return render_template(
        "admin/orders/order.html",
        sheet=sheet(order, names_sessions=current_user.can("visits")),
        shipped=shipped or ShippedForm(formdata=None),
        noted=noted or NoteForm(formdata=None),
        problem=problem,
        cause=cause_kept(),
    )


def refused(number: str, error: ShopError, **forms: Any) -> Any:
    db.session.rollback()
    return _page(get_order(number), problem=error.sentence, **forms), error.status


def _done(number: str, sentence: str) -> Any:
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("admin.order", number=number), 303)
