"""An order that waits for its payment page: the page as a code to be read by a telephone, or another means after all."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from markupsafe import Markup

from shop.accounts.rights import right_needed
from shop.admin.desk.forms import TakeForm
from shop.admin.orders.showing import get_order
from shop.admin.pages import bp
from shop.checkout.at_desk import settle_at_desk, shared
from shop.checkout.changing import reopen
from shop.checkout.pay_links import mail_link, pay_link
from shop.core.db import db
from shop.core.errors import Conflict, ShopError
from shop.core.history import actor
from shop.core.money import money
from shop.orders.models import Order
from shop.payments import attempts
from shop.payments.errors import PaymentProblem


@bp.get("/desk/orders/<number>")
@right_needed("till")
def waiting_order(number: str) -> Any:
    order = get_order(number)
    if order.state != "open":
        return redirect(url_for("admin.order", number=number), 303)
    return _page(order)


@bp.post("/desk/orders/<number>/take")
@right_needed("till")
def take_for_order(number: str) -> Any:
    """Paid at the desk after all. Money that still arrives by the page goes back by itself."""
    order, form = get_order(number), TakeForm()
    if not form.validate_on_submit():
        return _page(order, form), 422
    try:
        typed = {f"{means}_minor": form[means].minor or 0 for means in ("cash", "terminal", "bank")}
        taken, change = shared(order.due_minor, currency=order.currency, **typed)
        settle_at_desk(order, taken, by=actor(current_user), notes=form.notes)
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(get_order(number), form), error.status
    db.session.commit()
    flash(f"Paid.{f' Give {money(change, order.currency)} back.' if change else ''}", "success")
    return redirect(url_for("admin.order", number=number), 303)


@bp.post("/desk/orders/<number>/mail")
@right_needed("till")
def mail_pay_link(number: str) -> Any:
    order = get_order(number)
    if order.state != "open" or not order.email:
        raise Conflict("This order waits for no payment, or has no address to write to.")
    mail_link(order)
    db.session.commit()
    flash(f"The link goes to {order.email}.", "success")
    return redirect(url_for("admin.waiting_order", number=number), 303)


@bp.post("/desk/orders/<number>/change")
@right_needed("till")
def change_order(number: str) -> Any:
    """Close the payment page and open the sale; if it was paid at this very moment, it is placed instead."""
    try:
        sale = reopen(get_order(number), by=actor(current_user))
        sale_id = sale.id if sale else None
        db.session.commit()
    except PaymentProblem as problem:
        db.session.rollback()
        flash(problem.sentence, "error")
        return redirect(url_for("admin.waiting_order", number=number), 303)
    if sale_id is None:
        flash("It was paid at this very moment.", "success")
        return redirect(url_for("admin.order", number=number), 303)
    flash(f"Order {number} waits no more. Change it here; what is paid next makes a new order.", "success")
    return redirect(url_for("admin.sale", id=sale_id), 303)


def _page(order: Order, form: TakeForm | None = None) -> str:
    attempt, link = attempts.newest_of(order.number), pay_link(order.number)
    return render_template(
        "admin/desk/waiting.html",
        order=order,
        form=form or TakeForm(formdata=None),
        link=link,
        qr=_drawn(link),
        is_open=attempt is not None and attempt.session_url is not None,
        ends_at=attempt.expires_at if attempt else None,
    )


def _drawn(text: str) -> Markup:
    """A QR code without a size of its own; the page gives it one."""
    import segno

    out = BytesIO()
    segno.make(text, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        border=2,
        light="#ffffff",
        dark="#000000",
        svgclass="qr",
        lineclass=None,
    )
    return Markup(out.getvalue().decode())  # noqa: S704 (drawn here, from an address of ours)
