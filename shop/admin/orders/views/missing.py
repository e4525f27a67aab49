"""The shelf is empty, a parcel is lost: what happens to the goods is decided here, and the client is told."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.acting import carry_out
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.orders.chosen import chosen_units
from shop.admin.orders.forms import MissingForm, ReplaceForm
from shop.admin.orders.showing import get_order
from shop.admin.orders.views.desk import refused
from shop.admin.pages import bp
from shop.core.db import db, one_or_404
from shop.core.errors import ShopError
from shop.core.history import actor
from shop.orders.missing import Way, not_there
from shop.orders.models import Order, OrderLine, Parcel
from shop.orders.owing import fill
from shop.orders.replacing import replace
from shop.orders.splitting import units_here

LARGEST_ID = 2**53


@bp.get("/orders/<number>/lines/<int:line_id>/missing")
@right_needed("fulfilment")
def line_missing(number: str, line_id: int) -> Any:
    order = get_order(number)
    line = _line(order, line_id)
    return _missing(order, line, MissingForm(formdata=None, units=units_here(line), corrects=True))


@bp.post("/orders/<number>/lines/<int:line_id>/missing")
@right_needed("fulfilment")
def say_missing(number: str, line_id: int) -> Any:
    order = get_order(number)
    line, form = _line(order, line_id), MissingForm()
    if not current_user.can("refunds"):
        form.way.choices = [choice for choice in form.way.choices if choice.value != "refund"]
    if not form.validate_on_submit():
        return _missing(order, line, form), 422
    way = Way(form.way.data, form.until.data, form.sku.data or "", form.agreed.data or "")
    facts: dict[str, Any] = {"units": form.units.data or 0, "way": way, "corrects": form.corrects.data}

    def again() -> str:
        anew = get_order(number)
        return _missing(anew, _line(anew, line_id), form)

    return carry_out(
        lambda: not_there(order, line.id, **facts, cause=cause_of("missing"), by=actor(current_user)),
        form=form,
        again=again,
        said="Done. The client gets an e-mail.",
        to=url_for("admin.order", number=number),
    )


@bp.post("/orders/<number>/lines/<int:line_id>/arrived")
@right_needed("fulfilment")
def line_arrived(number: str, line_id: int) -> Any:
    try:
        fill(get_order(number), min(line_id, LARGEST_ID), by=actor(current_user))
    except ShopError as error:
        return refused(number, error)
    db.session.commit()
    flash("It is promised from the shelf now.", "success")
    return redirect(url_for("admin.order", number=number), 303)


@bp.get("/orders/<number>/parcels/<int:id>/replace")
@right_needed("fulfilment")
def parcel_replacement(number: str, id: int) -> Any:
    order = get_order(number)
    return _replacement(order, _parcel(order, id), ReplaceForm(formdata=None))


@bp.post("/orders/<number>/parcels/<int:id>/replace")
@right_needed("fulfilment")
def replace_parcel(number: str, id: int) -> Any:
    order = get_order(number)
    parcel, form = _parcel(order, id), ReplaceForm()
    if not form.validate_on_submit():
        return _replacement(order, parcel, form), 422
    facts: dict[str, Any] = {"chosen": chosen_units() or {}, "why": form.why.data}

    def again() -> str:
        anew = get_order(number)
        return _replacement(anew, _parcel(anew, id), form)

    return carry_out(
        lambda: replace(order, parcel.id, **facts, cause=cause_of("replace"), by=actor(current_user)),
        form=form,
        again=again,
        said="The goods go again, at no cost. The client gets an e-mail.",
        to=url_for("admin.order", number=number),
    )


def _line(order: Order, line_id: int) -> OrderLine:
    wanted = select(OrderLine).where(OrderLine.id == min(line_id, LARGEST_ID), OrderLine.order_id == order.id)
    return one_or_404(wanted.where(OrderLine.kind == "variant"), "This order has no such goods.")


def _parcel(order: Order, parcel_id: int) -> Parcel:
    wanted = select(Parcel).where(Parcel.id == min(parcel_id, LARGEST_ID), Parcel.order_id == order.id)
    return one_or_404(wanted, "This order has no such parcel.")


def _missing(order: Order, line: OrderLine, form: MissingForm) -> str:
    if not current_user.can("refunds"):
        form.way.choices = [choice for choice in form.way.choices if choice.value != "refund"]
    words = {"order": order, "line": line, "here": units_here(line), "form": form, "cause": cause_kept()}
    return render_template("admin/orders/missing.html", **words)


def _replacement(order: Order, parcel: Parcel, form: ReplaceForm) -> str:
    inside = {int(line_id): int(units) for line_id, units in parcel.lines}
    lines = db.session.scalars(select(OrderLine).where(OrderLine.id.in_(inside)).order_by(OrderLine.position)).all()
    words = {"order": order, "parcel": parcel, "lines": [(line, inside[line.id]) for line in lines]}
    typed = request.form if request.method == "POST" else {}
    return render_template("admin/orders/replace.html", **words, form=form, typed=typed, cause=cause_kept())
