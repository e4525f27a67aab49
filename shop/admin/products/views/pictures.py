"""Photographs of a product: added, cut around another point, put first, taken away."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.products.forms import FOCUSES, PictureForm
from shop.admin.products.showing import get_product
from shop.admin.products.views.editing import page
from shop.catalog import picturing
from shop.catalog.cutting import LARGEST, cut
from shop.core import media
from shop.core.db import db
from shop.core.errors import Refused, ShopError
from shop.core.history import actor

LARGEST_ID = 2**53


@bp.post("/products/<int:id>/pictures")
@right_needed("catalogue")
def add_product_picture(id: int) -> Any:
    form, given = PictureForm(), request.files.get("file")
    if not form.validate():
        return page(get_product(id), pictured=form), 422
    try:
        if given is None or not given.filename:
            raise Refused("Choose a photograph first.", field="file")
        focus = _point(str(form.focus.data))
        picture = cut(given.read(LARGEST + 1), focus=focus)
        picturing.keep_files(picture)
        picturing.add_picture(get_product(id), picture, alt=form.alt.data or "", focus=focus, by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return page(get_product(id), pictured=form), error.status
    db.session.commit()
    flash("The photograph is there.", "success")
    return _back(id)


@bp.post("/products/<int:id>/pictures/<int:line_id>")
@right_needed("catalogue")
def change_product_picture(id: int, line_id: int) -> Any:
    act, by, number = request.form.get("act", ""), actor(current_user), min(line_id, LARGEST_ID)
    try:
        unused = _change(id, number, act, by)
    except ShopError as error:
        db.session.rollback()
        return page(get_product(id), problem=error.sentence), error.status
    db.session.commit()
    if unused:
        media.remove(unused)
    flash({"remove": "It is gone.", "first": "It is shown first."}.get(act, "Cut again."), "success")
    return _back(id)


def _change(id: int, number: int, act: str, by: str) -> str | None:
    """Does one act; returns the stem of files that nobody needs any more. Raises Refused and NotFound."""
    product = get_product(id)
    if act == "remove":
        return picturing.remove_picture(product, number, by=by)
    if act == "first":
        picturing.show_first(product, number, by=by)
        return None
    if act != "cut":
        raise Refused("Choose what to do with the photograph.")
    focus = _point(request.form.get("focus", ""))
    stem = picturing.get_picture(product, number).stem
    db.session.rollback()  # cutting takes a second: nobody waits for it
    picture = picturing.recut(stem, focus=focus)
    picturing.keep_files(picture)
    picturing.cut_again(get_product(id), number, picture, focus=focus, by=by)
    return None


def _point(text: str) -> tuple[int, int]:
    if text not in FOCUSES:
        raise Refused("Choose what stays in the frame.", field="focus")
    left, top = text.split("-")
    return int(left), int(top)


def _back(id: int) -> Any:
    return redirect(url_for("admin.product", id=id), 303)
