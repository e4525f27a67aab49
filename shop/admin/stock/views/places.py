"""Further locations, and carrying goods between them; a clinic with one shelf sees only where to begin."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_of
from shop.admin.pages import bp
from shop.admin.stock.forms import LocationForm, TransferForm
from shop.admin.stock.views.shelves import page_of, variant_of
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor
from shop.inventory.transferring import add_location, locations, transfer


@bp.get("/stock/locations")
@right_needed("stock")
def stock_locations() -> Any:
    return _list(LocationForm(formdata=None))


@bp.post("/stock/locations")
@right_needed("stock")
def new_location() -> Any:
    form = LocationForm()
    if not form.validate_on_submit():
        return _list(form), 422
    try:
        add_location(form.name.data or "")
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _list(form), error.status
    db.session.commit()
    flash("The location is there. Each article's page can now carry goods to it.", "success")
    return redirect(url_for("admin.stock_locations"), 303)


@bp.post("/stock/<int:id>/transfer")
@right_needed("stock")
def transfer_stock(id: int) -> Any:
    variant, form = variant_of(id), TransferForm()
    if not form.validate_on_submit():
        return page_of(variant, carried=form), 422
    facts = {"to": _id(form.to.data), "units": form.carried.data or 0}
    try:
        transfer(_id(form.source.data), variant_id=variant.id, **facts, cause=cause_of("carry"), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return page_of(variant_of(id), carried=form), error.status
    db.session.commit()
    flash("Carried over.", "success")
    return redirect(url_for("admin.stock_variant", id=id), 303)


def _id(text: object) -> int:
    given = str(text)
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0


def _list(form: LocationForm) -> str:
    return render_template("admin/stock/locations.html", rows=locations(), form=form)
