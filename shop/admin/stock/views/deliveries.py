"""Deliveries: opened, scanned, put on the shelf."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.admin.stock.forms import DeliveryScanForm, SheetForm
from shop.admin.stock.showing import articles, scan_lines, sheets
from shop.admin.stock.words import SHEETS
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor
from shop.inventory.buying import differences, get_purchase
from shop.inventory.delivering import shelve, unit_costs, units_of
from shop.inventory.scanning import Batch, drop, get_sheet, open_sheet, scan, scanned
from shop.inventory.sheet_models import StockSheet

LARGEST_ID = 2**53


@bp.get("/stock/deliveries")
@right_needed("stock")
def deliveries() -> Any:
    return _list(SheetForm(formdata=None))


@bp.post("/stock/deliveries")
@right_needed("stock")
def open_delivery() -> Any:
    form = SheetForm()
    if not form.validate_on_submit():
        return _list(form), 422
    try:
        sheet = open_sheet("delivery", reference=form.reference.data or "", cause=cause_of("sheet"), by=actor(current_user))
    except ShopError as error:
        form.refuse(error)
        return _list(form), error.status
    db.session.commit()
    return redirect(url_for("admin.delivery", id=sheet.id), 303)


@bp.get("/stock/deliveries/<int:id>")
@right_needed("stock")
def delivery(id: int) -> Any:
    return _page(_get(id), DeliveryScanForm(formdata=None))


@bp.post("/stock/deliveries/<int:id>")
@right_needed("stock")
def scan_delivery(id: int) -> Any:
    sheet, form = _get(id), DeliveryScanForm()
    if not form.validate_on_submit():
        return _page(sheet, form), 422
    facts: dict[str, Any] = {"lot": form.lot.data or "", "expires_on": form.expires_on.data, "units": form.units.data or 0}
    facts |= {"unit_minor": form.cost.minor}
    try:
        variant = scan(sheet, form.code.data or "", **facts, cause=cause_of("scan"), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_get(id), form), error.status
    sku = variant.sku
    db.session.commit()
    flash(f"{facts['units']} × {sku}", "success")
    return redirect(url_for("admin.delivery", id=id), 303)


@bp.post("/stock/deliveries/<int:id>/shelve")
@right_needed("stock")
def shelve_delivery(id: int) -> Any:
    sheet = _get(id)
    try:
        units = shelve(sheet, by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        return _page(_get(id), DeliveryScanForm(formdata=None), error.sentence), error.status
    db.session.commit()
    flash(f"{units} units are on the shelf." if units else "This delivery is on the shelf already.", "success")
    return redirect(url_for("admin.delivery", id=id), 303)


@bp.post("/stock/deliveries/<int:id>/drop")
@right_needed("stock")
def drop_delivery(id: int) -> Any:
    try:
        drop(_get(id), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        return _page(_get(id), DeliveryScanForm(formdata=None), error.sentence), error.status
    db.session.commit()
    flash("The sheet is thrown away; no shelf has changed.", "success")
    return redirect(url_for("admin.deliveries"), 303)


def _get(sheet_id: int) -> StockSheet:
    return get_sheet("delivery", min(sheet_id, LARGEST_ID))


def _list(form: SheetForm) -> str:
    rows = sheets("delivery")
    names = names_of(sheet.opened_by for sheet, _ in rows)
    words = {"words": SHEETS, "form": form, "cause": cause_kept()}
    return render_template("admin/stock/deliveries.html", rows=rows, names=names, **words)


def _page(sheet: StockSheet, form: DeliveryScanForm, problem: str = "") -> str:
    rows = scanned(sheet)
    lines = scan_lines(rows)
    purchase = get_purchase(sheet.purchase_id) if sheet.purchase_id and sheet.state == "open" else None
    against = differences(purchase, units_of(rows)) if purchase else {}
    about = articles(against)
    missing = [(*about[variant_id], change) for variant_id, change in against.items()]
    words = {"word": SHEETS[sheet.state], "form": form, "problem": problem, "cause": cause_kept()}
    costs = unit_costs(sheet)
    known = {
        line: costs.get(Batch(*line), costs.get(Batch(line[0], "")))
        for line in ((one.variant_id, one.lot) for one in lines)
    }
    return render_template("admin/stock/delivery.html", sheet=sheet, lines=lines, costs=known, missing=missing, **words)
