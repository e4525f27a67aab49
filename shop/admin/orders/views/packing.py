"""The pick list, the packing table and the slip that goes into the parcel."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.orders.forms import PackForm, ShippedForm
from shop.admin.orders.showing import get_order, sheet
from shop.admin.orders.starting import first_days
from shop.admin.pages import bp
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor
from shop.orders.models import Order
from shop.orders.packing import pack, scanned_into, unpack
from shop.orders.picking import pick_list


@bp.get("/orders/picking")
@right_needed("fulfilment")
def picking() -> Any:
    return render_template("admin/orders/picking.html", picks=pick_list())


@bp.get("/orders/<number>/slip")
@right_needed("fulfilment")
def order_slip(number: str) -> Any:
    order = get_order(number)
    inside = scanned_into(order)
    shown = sheet(order, names_sessions=False)
    return render_template("admin/orders/slip.html", sheet=shown, inside=inside, starts=first_days(order))


@bp.get("/orders/<number>/pack")
@right_needed("fulfilment")
def order_pack(number: str) -> Any:
    return _page(get_order(number), PackForm(formdata=None))


@bp.post("/orders/<number>/pack")
@right_needed("fulfilment")
def pack_order(number: str) -> Any:
    order, form = get_order(number), PackForm()
    if not form.validate_on_submit():
        return _page(order, form), 422
    facts: dict[str, Any] = {"lot": form.lot.data or "", "units": form.units.data or 1}
    try:
        packed = pack(order, form.code.data or "", **facts, cause=cause_of("pack"), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(get_order(number), form), error.status
    db.session.commit()
    flash(
        f"In the parcel: {packed.name}" + (f", lot {packed.lot} instead of {packed.was}" if packed.was else ""), "success"
    )
    return redirect(url_for("admin.order_pack", number=number), 303)


@bp.post("/orders/<number>/unpack")
@right_needed("fulfilment")
def unpack_order(number: str) -> Any:
    unpack(get_order(number))
    db.session.commit()
    flash("The parcel is empty again.", "success")
    return redirect(url_for("admin.order_pack", number=number), 303)


def _page(order: Order, form: PackForm) -> str:
    return render_template(
        "admin/orders/pack.html",
        sheet=sheet(order, names_sessions=False),
        picks=pick_list(number=order.number),
        inside=scanned_into(order),
        form=form,
        shipped=ShippedForm(formdata=None),
        cause=cause_kept(),
    )
