"""What is ordered from suppliers: the proposal, the purchase, and the deliveries that come for it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import func, select

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.pages import bp
from shop.admin.stock.forms import OrderedForm, PurchaseForm, PurchaseLineForm
from shop.admin.stock.showing import articles
from shop.admin.stock.words import PURCHASES, SHEETS
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor, history_of
from shop.inventory import buying
from shop.inventory.buying_models import Purchase, PurchaseLine, Supplier
from shop.inventory.finding import get_article
from shop.inventory.proposing import proposals
from shop.inventory.scanning import open_sheet
from shop.inventory.sheet_models import StockSheet

LARGEST_ID = 2**53
SHOWN = 60
DONE = {"close": "What has not come is given up.", "order": "Ordered: it counts as incoming now."}


@bp.get("/stock/purchases")
@right_needed("stock")
def purchases() -> Any:
    left = func.coalesce(func.sum(PurchaseLine.units - PurchaseLine.received - PurchaseLine.given_up), 0)
    rows = select(Purchase, func.coalesce(func.sum(PurchaseLine.units), 0), left)
    rows = rows.outerjoin(PurchaseLine, PurchaseLine.purchase_id == Purchase.id).join(Supplier)
    found = db.session.execute(rows.group_by(Purchase.id, Supplier.id).order_by(Purchase.id.desc()).limit(SHOWN))
    shown = [(purchase, int(units), max(0, int(rest))) for purchase, units, rest in found]
    return render_template("admin/stock/purchases.html", rows=shown, words=PURCHASES)


@bp.get("/stock/reorder")
@right_needed("stock")
def reorder() -> Any:
    return _proposal(PurchaseForm(formdata=None))


@bp.post("/stock/reorder")
@right_needed("stock")
def write_reorder() -> Any:
    form = PurchaseForm()
    if not form.validate_on_submit():
        return _proposal(form), 422
    try:
        units = {_whole(name[6:]): _whole(text) for name, text in request.form.items() if name.startswith("units-")}
        known = set(articles(min(variant_id, LARGEST_ID) for variant_id in units))
        wanted = {variant_id: count for variant_id, count in units.items() if variant_id in known}
        if form.code.data:
            wanted[get_article(form.code.data).id] = form.more.data or 0
        supplier = buying.supplier_named(form.supplier.data or "")
        purchase = buying.write_purchase(supplier, wanted, cause=cause_of("purchase"), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _proposal(form), error.status
    db.session.commit()
    return redirect(url_for("admin.purchase", id=purchase.id), 303)


@bp.get("/stock/purchases/<int:id>")
@right_needed("stock")
def purchase(id: int) -> Any:
    return _page(_get(id))


@bp.post("/stock/purchases/<int:id>")
@right_needed("stock")
def purchase_line(id: int) -> Any:
    row, form = _get(id), PurchaseLineForm()
    if not form.validate_on_submit():
        return _page(row, line=form), 422
    try:
        variant_id = get_article(form.code.data or "").id
        buying.set_units(row, variant_id, form.units.data or 0, unit_minor=form.cost.minor)
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_get(id), line=form), error.status
    db.session.commit()
    return redirect(url_for("admin.purchase", id=id), 303)


@bp.post("/stock/purchases/<int:id>/<any(order,close):step>")
@right_needed("stock")
def move_purchase(id: int, step: str) -> Any:
    row, form = _get(id), OrderedForm()
    if step == "order" and not form.validate_on_submit():
        return _page(row, ordered=form), 422
    try:
        if step == "order":
            buying.mark_ordered(row, expected_on=form.expected_on.data, by=actor(current_user))
        else:
            buying.close_short(row, by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        return _page(_get(id), problem=error.sentence), error.status
    db.session.commit()
    flash(DONE[step], "success")
    return redirect(url_for("admin.purchase", id=id), 303)


@bp.post("/stock/purchases/<int:id>/delivery")
@right_needed("stock")
def purchase_delivery(id: int) -> Any:
    """Begin scanning what has come; an unfinished sheet of the same purchase goes on."""
    row = _get(id)
    try:
        buying.lock(row, *buying.ON_ITS_WAY)
        open_one = select(StockSheet).where(StockSheet.purchase_id == row.id, StockSheet.state == "open")
        sheet = db.session.scalars(open_one).first() or open_sheet(
            "delivery",
            reference=f"{row.supplier.name}, purchase {row.id}",
            purchase_id=row.id,
            cause=cause_of("sheet"),
            by=actor(current_user),
        )
    except ShopError as error:
        db.session.rollback()
        return _page(_get(id), problem=error.sentence), error.status
    db.session.commit()
    return redirect(url_for("admin.delivery", id=sheet.id), 303)


def _whole(text: str) -> int:
    """Nonsense is too much, so that it is refused."""
    text = text.strip() or "0"
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else LARGEST_ID


def _get(purchase_id: int) -> Purchase:
    return buying.get_purchase(min(purchase_id, LARGEST_ID))


def _suppliers() -> list[str]:
    return list(db.session.scalars(select(Supplier.name).order_by(Supplier.name).limit(200)))


def _proposal(form: PurchaseForm) -> str:
    typed = {name: value for name, value in request.form.items() if name.startswith("units-")}
    words = {"rows": proposals(), "suppliers": _suppliers(), "typed": typed, "form": form, "cause": cause_kept()}
    return render_template("admin/stock/reorder.html", **words)


def _page(
    purchase: Purchase, *, line: PurchaseLineForm | None = None, ordered: OrderedForm | None = None, problem: str = ""
) -> str:
    lines = buying.lines_of(purchase)
    about = articles(one.variant_id for one in lines)
    sheets = db.session.scalars(select(StockSheet).where(StockSheet.purchase_id == purchase.id).order_by(StockSheet.id))
    return render_template(
        "admin/stock/purchase.html",
        purchase=purchase,
        word=PURCHASES[purchase.state],
        lines=[(one, about[one.variant_id]) for one in lines],
        sheets=[(sheet, SHEETS[sheet.state]) for sheet in sheets],
        history=history_of(f"purchase:{purchase.id}"),
        states=PURCHASES,
        line_form=line or PurchaseLineForm(formdata=None),
        ordered=ordered or OrderedForm(formdata=None),
        problem=problem,
        cause=cause_kept(),
    )
