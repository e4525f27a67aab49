"""What is on the shelves: the list, one variant with its lots and movements, and corrections by hand."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.choosing import choices
from shop.admin.clicks import cause_kept, cause_of
from shop.admin.pages import bp
from shop.admin.paging import after_of, first_path, next_path
from shop.admin.people import names_of
from shop.admin.stock.forms import CorrectForm, PlaceForm, TransferForm
from shop.admin.stock.words import LOTS, MOVES, end_word, shelf_word
from shop.catalog.models import Product, Variant
from shop.core.db import db, one_or_404
from shop.core.errors import ShopError
from shop.core.history import actor
from shop.inventory.adjusting import correct
from shop.inventory.bins import bins_of, put_in_bin
from shop.inventory.buying import incoming
from shop.inventory.finding import find_article
from shop.inventory.models import Lot, Stock
from shop.inventory.reporting import ending_soon, lots_of, movements_of, running_low, shelf_of, shelves
from shop.inventory.transferring import locations

LARGEST_ID = 2**53
MOVES_SHOWN = 40


@bp.get("/stock")
@right_needed("stock")
def stock() -> Any:
    view, q = request.args.get("view", ""), request.args.get("q", "").strip()[:80]
    scanned = find_article(q) if q else None
    if scanned is not None:
        return redirect(url_for("admin.stock_variant", id=scanned.id), 303)
    words: dict[str, Any] = {
        "view": view,
        "q": q,
        "shelf_word": shelf_word,
        "end_word": end_word,
        "next_url": "",
        "first_url": "",
    }
    if view == "ending":
        return render_template("admin/stock/ending.html", rows=ending_soon(), **words)
    if view == "low":
        rows = running_low()
        return render_template("admin/stock/list.html", rows=rows, coming=incoming(r.variant_id for r in rows), **words)
    page = shelves(q=q, after=after_of(request.args))
    words |= {"coming": incoming(row.variant_id for row in page.rows)}
    words |= {"next_url": next_path(page.after), "first_url": first_path()}
    return render_template("admin/stock/list.html", rows=page.rows, **words)


@bp.get("/stock/<int:id>")
@right_needed("stock")
def stock_variant(id: int) -> Any:
    return page_of(variant_of(id))


@bp.post("/stock/<int:id>")
@right_needed("stock")
def correct_stock(id: int) -> Any:
    variant, form = variant_of(id), CorrectForm()
    if not form.validate_on_submit():
        return page_of(variant, form), 422
    given = str(form.stock.data)
    try:
        correct(
            int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0,
            variant_id=variant.id,
            units=form.units.data or 0,
            reason=form.reason.data,
            note=form.note.data or "",
            cause=cause_of("desk"),
            by=actor(current_user),
        )
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return page_of(variant_of(id), form), error.status
    db.session.commit()
    flash("The shelf is corrected.", "success")
    return redirect(url_for("admin.stock_variant", id=id), 303)


@bp.post("/stock/<int:id>/place")
@right_needed("stock")
def place_stock(id: int) -> Any:
    variant, form = variant_of(id), PlaceForm()
    if not form.validate_on_submit():
        return page_of(variant, placed=form), 422
    put_in_bin(variant.id, form.bin.data or "")
    db.session.commit()
    flash("The place is kept.", "success")
    return redirect(url_for("admin.stock_variant", id=id), 303)


def variant_of(variant_id: int) -> Variant:
    wanted = select(Variant).where(Variant.id == min(variant_id, LARGEST_ID))
    return one_or_404(wanted, "There is no such article.")


def page_of(
    variant: Variant,
    form: CorrectForm | None = None,
    *,
    placed: PlaceForm | None = None,
    carried: TransferForm | None = None,
) -> str:
    """One article with its lots and movements, and whatever form was refused."""
    lots = lots_of(variant.id)
    form = form or CorrectForm(formdata=None)
    places = {place.id: place.name for place in locations()}
    named = choices({str(stock.id): _shelf_words(stock, lot, places) for stock, lot in lots})
    form.stock.choices = named
    carried = carried or TransferForm(formdata=None)
    carried.source.choices, carried.to.choices = named, choices({str(id): name for id, name in places.items()})
    moves = movements_of(variant.id, after=after_of(request.args), limit=MOVES_SHOWN + 1)
    last = moves[MOVES_SHOWN - 1][0].id if len(moves) > MOVES_SHOWN else None
    shown = moves[:MOVES_SHOWN]
    return render_template(
        "admin/stock/variant.html",
        variant=variant,
        product=db.session.get_one(Product, variant.product_id),
        shelf=shelf_of(variant.id),
        lots=[(stock, lot, LOTS[lot.state], end_word(lot.expires_on)) for stock, lot in lots],
        moves=shown,
        words=MOVES,
        names=names_of(move.by for move, _ in shown),
        form=form,
        places=places if len(places) > 1 else {},
        carried=carried,
        incoming=incoming([variant.id]).get(variant.id, 0),
        placed=placed or PlaceForm(formdata=None, bin=bins_of([variant.id]).get(variant.id, "")),
        cause=cause_kept(),
        next_url=next_path(last) if request.method == "GET" else "",
        first_url=first_path() if request.method == "GET" else "",
    )


def _shelf_words(stock: Stock, lot: Lot, places: dict[int, str]) -> str:
    """A lot, and where it lies when there is more than one place."""
    where = f"{places.get(stock.location_id, '')}, " if len(places) > 1 else ""
    return f"{where}{lot.code}, {stock.on_hand} on hand"
