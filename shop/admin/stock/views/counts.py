"""Counting: blind on the shelf, then the difference, then a person's approval."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.choosing import choices
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.admin.stock.forms import CountForm, ScanForm
from shop.admin.stock.showing import articles, difference_lines, scan_lines, sheets
from shop.admin.stock.words import SHEETS
from shop.catalog.models import Brand, Product, Variant
from shop.core.db import db
from shop.core.errors import Refused, ShopError
from shop.core.history import actor
from shop.inventory.counting import approve, close_count, count_again, differences_of, longest_uncounted
from shop.inventory.models import Location, Stock
from shop.inventory.scanning import drop, get_sheet, open_sheet, scan, scanned, scope_of
from shop.inventory.sheet_models import StockSheet
from shop.inventory.transferring import locations

LARGEST_ID = 2**53
LONGEST = "longest"
ACTS = {
    "close": (close_count, "Counted. Look at the differences."),
    "approve": (approve, "Approved. The shelves are what was counted."),
    "drop": (drop, "The count is thrown away; no shelf has changed."),
}


@bp.get("/stock/counts")
@right_needed("stock")
def counts() -> Any:
    return _list(CountForm(formdata=None))


@bp.post("/stock/counts")
@right_needed("stock")
def open_count() -> Any:
    form = CountForm()
    try:
        reference, scope = _scope(form.scope.data or "")
        where = _place(form.location.data or "")
        if where is not None:
            reference = f"{reference}, {where.name}"
        facts: dict[str, Any] = {"cause": cause_of("sheet"), "by": actor(current_user)}
        sheet = open_sheet("count", reference=reference, scope=scope, location_id=where.id if where else None, **facts)
    except ShopError as error:
        form.refuse(error)
        return _list(form), error.status
    db.session.commit()
    return redirect(url_for("admin.count", id=sheet.id), 303)


@bp.get("/stock/counts/<int:id>")
@right_needed("stock")
def count(id: int) -> Any:
    return _page(_get(id), ScanForm(formdata=None))


@bp.post("/stock/counts/<int:id>")
@right_needed("stock")
def scan_count(id: int) -> Any:
    sheet, form = _get(id), ScanForm()
    if not form.validate_on_submit():
        return _page(sheet, form), 422
    facts = {"lot": form.lot.data or "", "expires_on": form.expires_on.data, "units": form.units.data or 0}
    try:
        variant = scan(sheet, form.code.data or "", **facts, cause=cause_of("scan"), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_get(id), form), error.status
    sku = variant.sku
    db.session.commit()
    flash(f"{facts['units']} × {sku}", "success")
    return redirect(url_for("admin.count", id=id), 303)


@bp.post("/stock/counts/<int:id>/<any(close,approve,drop):end>")
@right_needed("stock")
def end_count(id: int, end: str) -> Any:
    do, sentence = ACTS[end]
    try:
        do(_get(id), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        return _page(_get(id), ScanForm(formdata=None), error.sentence), error.status
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("admin.counts") if end == "drop" else url_for("admin.count", id=id), 303)


@bp.post("/stock/counts/<int:id>/again")
@right_needed("stock")
def again(id: int) -> Any:
    try:
        count_again(_get(id))
    except ShopError as error:
        db.session.rollback()
        return _page(_get(id), ScanForm(formdata=None), error.sentence), error.status
    db.session.commit()
    return redirect(url_for("admin.count", id=id), 303)


def _get(sheet_id: int) -> StockSheet:
    return get_sheet("count", min(sheet_id, LARGEST_ID))


def _place(chosen: str) -> Location | None:
    """The location that is counted; None while there is only one. Raises Refused for one that is not there."""
    places = {str(place.id): place for place in locations()}
    if len(places) < 2:
        return None
    if chosen not in places:
        raise Refused("Choose where you count.", field="location")
    return places[chosen]


def _scope(chosen: str) -> tuple[str, list[int]]:
    """What a choice of the form means: (its name, the variants)."""
    if chosen == LONGEST:
        found, name = longest_uncounted(), "The five that waited longest"
    else:
        brand = db.session.scalars(select(Brand).where(Brand.slug == chosen)).first()
        if brand is None:
            raise Refused("Choose what is counted.", field="scope")
        of_brand = select(Variant.id).join(Product, Product.id == Variant.product_id).where(Product.brand_id == brand.id)
        shelved = of_brand.where(Variant.id.in_(select(Stock.variant_id).where(Stock.on_hand > 0)))
        found, name = list(db.session.scalars(shelved)), brand.name
    if not found:
        raise Refused("Nothing of that is on the shelf.", field="scope")
    return name, found


def _list(form: CountForm) -> str:
    rows = sheets("count")
    brands = db.session.execute(select(Brand.slug, Brand.name).order_by(Brand.name)).all()
    form.scope.choices = choices({LONGEST: "The five that waited longest"} | dict(brands))
    form.location.choices = choices({str(place.id): place.name for place in locations()})
    names = names_of(sheet.opened_by for sheet, _ in rows)
    return render_template("admin/stock/counts.html", rows=rows, names=names, words=SHEETS, form=form, cause=cause_kept())


def _page(sheet: StockSheet, form: ScanForm, problem: str = "") -> str:
    is_open = sheet.state == "open"
    scope = sorted(articles(scope_of(sheet)).values(), key=lambda about: about[1])
    lines = scan_lines(scanned(sheet)) if is_open else difference_lines(differences_of(sheet))
    words = {"word": SHEETS[sheet.state], "form": form, "problem": problem, "cause": cause_kept()}
    return render_template("admin/stock/count.html", sheet=sheet, lines=lines, scope=scope, is_open=is_open, **words)
