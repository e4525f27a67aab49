"""An order as its buyer sees it, with its invoice."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, session, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.claiming import is_guest
from shop.core.db import db
from shop.core.errors import NotFound, ShopError
from shop.orders.accepting import accept, get_gift, waiting_credits
from shop.orders.access import GONE, get_order, let_in, number_of
from shop.orders.forms import AcceptForm
from shop.orders.instead import offers_of
from shop.orders.models import Invoice, Order
from shop.orders.pages import bp
from shop.orders.showing import next_steps, shown


@bp.get("/orders/<number>")
def show(number: str) -> Any:
    token = request.args.get("key")
    if token is not None:  # the key moves into a cookie at once, so that it is in no later address
        if number_of(token) != number:
            raise NotFound(GONE)
        let_in(number)
        return redirect(url_for("orders.show", number=number), 303)
    order = get_order(number, client_id=current_user.client_id)
    facts = {
        "is_new": session.pop("thanks", None) == number,
        "claim_path": claim_path(order),
        "keep_path": keep_path(order),
        "offers": [offer for offer in offers_of(order.id) if offer.state == "waiting"],
    }
    return render_template("orders/order.html", order=shown(order), next_steps=next_steps(order), **facts)


@bp.get("/orders/<number>/accept")
def accept_page(number: str) -> Any:
    key = request.args.get("key", "")
    order = get_gift(number, key)
    return _accept_page(order, AcceptForm(formdata=None, data={"key": key}))


@bp.post("/orders/<number>/accept")
def accept_gift(number: str) -> Any:
    form = AcceptForm()
    order = get_gift(number, form.key.data or "")
    try:
        accept(order, is_adult=bool(form.adult.data))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _accept_page(get_gift(number, form.key.data or ""), form), error.status
    db.session.commit()
    return render_template("orders/accept.html", accepted=True)


@bp.get("/orders/<number>/invoice")
def invoice(number: str) -> Any:
    order = get_order(number, client_id=current_user.client_id)
    issued = db.session.scalars(select(Invoice).where(Invoice.order_id == order.id).order_by(Invoice.id)).first()
    if issued is None:
        raise NotFound("The invoice is being written. Please look again in a minute.")
    from shop.orders.printing import pdf

    headers = {"Content-Disposition": f'inline; filename="{issued.number}.pdf"'}
    return Response(pdf(issued), mimetype="application/pdf", headers=headers)


def _accept_page(order: Order, form: AcceptForm) -> str:
    facts = {"giver": order.name, "credits": waiting_credits(order), "number": order.number}
    return render_template("orders/accept.html", accepted=not facts["credits"], form=form, **facts)


def claim_path(order: Order) -> str:
    """Where a guest may turn this order into an account."""
    back = url_for("orders.show", number=order.number)
    return "" if current_user.is_authenticated else url_for("accounts.register_page", next=back)


def keep_path(order: Order) -> str:
    """Where somebody who is signed in may add a guest's order, opened by its signed link, to their account."""
    if not current_user.is_authenticated or order.client_id in (None, current_user.client_id):
        return ""
    return f"/account/orders/{order.number}/claim" if is_guest(order.client_id) else ""
