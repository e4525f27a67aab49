"""One lot: where it is, who got it, and what is done when something is wrong with it."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.pages import bp
from shop.admin.stock.forms import CostForm, LotDayForm, RecallForm, StateForm
from shop.admin.stock.showing import articles
from shop.admin.stock.words import LOTS, MARKETS, end_word
from shop.core import clock
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor, history_of
from shop.imports.exporting import guarded
from shop.inventory.costing import cost_of, lots_without_cost, say_cost
from shop.inventory.models import Lot, Stock
from shop.inventory.placing_on_market import days_of, keep_day
from shop.inventory.recalling import get_lot, recall, release, set_aside
from shop.orders.recalling import by_address, who_got, who_waits

LARGEST_ID = 2**53
COLUMNS = ("order", "name", "email", "phone", "units", "left on", "probably used up by")


@bp.get("/stock/lots/<int:id>")
@right_needed("stock")
def lot(id: int) -> Any:
    return _page(_get(id))


@bp.post("/stock/lots/<int:id>/<any(aside,release):turn>")
@right_needed("stock")
def move_lot(id: int, turn: str) -> Any:
    lot, form = _get(id), StateForm()
    if not form.validate_on_submit():
        return _page(lot, state=form), 422
    try:
        (set_aside if turn == "aside" else release)(lot, reason=form.reason.data or "", by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_get(id), state=form), error.status
    db.session.commit()
    flash("The lot is set aside: nothing of it is sold." if turn == "aside" else "The lot is sold again.", "success")
    return redirect(url_for("admin.lot", id=id), 303)


@bp.post("/stock/lots/<int:id>/market")
@right_needed("stock")
def date_lot(id: int) -> Any:
    """When this batch was first placed on the market."""
    lot, form = _get(id), LotDayForm()
    if not form.validate_on_submit():
        return _page(lot, dated=form), 422
    try:
        keep_day(lot, form.on_market_since.data, by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_get(id), dated=form), error.status
    db.session.commit()
    flash("The day is kept; the law of each market is counted from it.", "success")
    return redirect(url_for("admin.lot", id=id), 303)


@bp.post("/stock/lots/<int:id>/recall")
@right_needed("stock")
def recall_lot(id: int) -> Any:
    lot, form = _get(id), RecallForm()
    if not form.validate_on_submit():
        return _page(lot, called=form), 422
    words = {"reason": form.reason_why.data or "", "advice": form.advice.data or ""}
    try:
        recall(lot, **words, by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_get(id), called=form), error.status
    db.session.commit()
    flash("Recalled. Everybody who got it receives one message.", "success")
    return redirect(url_for("admin.lot", id=id), 303)


@bp.post("/stock/lots/<int:id>/cost")
@right_needed("stock")
def lot_cost(id: int) -> Any:
    lot, form = _get(id), CostForm()
    if not form.validate_on_submit():
        return _page(lot, cost=form), 422
    try:
        say_cost(lot.id, unit_minor=form.cost.minor or 0, cause=cause_of("cost"), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_get(id), cost=form), error.status
    db.session.commit()
    flash("The cost of this lot is kept.", "success")
    return redirect(url_for("admin.lot", id=id), 303)


@bp.get("/stock/costs")
@right_needed("stock")
def costs_missing() -> Any:
    return render_template("admin/stock/costs.html", rows=lots_without_cost())


@bp.get("/stock/lots/<int:id>/clients.csv")
@right_needed("stock")
def lot_clients(id: int) -> Any:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for got in who_got(_get(id).id):
        cells = (got.number, got.name, got.email, got.phone, got.units, got.left_at.date(), got.used_up_on)
        writer.writerow([guarded(cell) for cell in cells])
    headers = {"Content-Disposition": f'attachment; filename="lot-{id}.csv"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


def _get(lot_id: int) -> Lot:
    return get_lot(min(lot_id, LARGEST_ID))


def _page(
    lot: Lot,
    *,
    state: StateForm | None = None,
    called: RecallForm | None = None,
    cost: CostForm | None = None,
    dated: LotDayForm | None = None,
) -> str:
    got, known = who_got(lot.id), cost_of(lot.id)
    return render_template(
        "admin/stock/lot.html",
        lot=lot,
        article=articles([lot.variant_id])[lot.variant_id],
        word=LOTS[lot.state],
        ends=end_word(lot.expires_on),
        shelves=list(db.session.scalars(select(Stock).where(Stock.lot_id == lot.id))),
        got=got,
        people=len(by_address(got)),
        waiting=who_waits(lot.id),
        history=[row for row in history_of(f"lot:{lot.id}") if row.axis == "state"],
        law=[(market, date.fromisoformat(last) if last else None) for market, last in sorted(days_of(lot).items())],
        markets=MARKETS,
        today=clock.today(),
        dated=dated or LotDayForm(formdata=None, obj=lot),
        unit_cost=known.of(1) if known else None,
        cost_form=cost or CostForm(formdata=None),
        cause=cause_kept(),
        state_form=state or StateForm(formdata=None),
        called=called or RecallForm(formdata=None),
    )
