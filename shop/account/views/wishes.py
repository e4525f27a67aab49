"""What somebody keeps for later, and the hearts that put it there."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user

from shop.account.pages import bp
from shop.accounts.own_file import own_client
from shop.bag.browser import bag_owner_for_writing, remember_count
from shop.bag.filling import count
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.web import site_path
from shop.wishes import wishing

HERE = "/account/wishes"


@bp.get("/wishes")
def wishes() -> Any:
    wishing.open_or_404()
    return render_template("account/wishes.html", cards=wishing.wishes_of(current_user.client_id))


@bp.post("/wishes")
def keep_or_drop() -> Any:
    """A heart: `add` or `drop` names the product, `back` the page on which it was."""
    wishing.open_or_404()
    back = site_path(request.form.get("back"), otherwise=HERE)
    try:
        client = own_client(current_user.id)
        if "drop" in request.form:
            wishing.drop(client.id, _product("drop"))
        else:
            wishing.wish_for(client.id, _product("add"))
    except ShopError as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return redirect(back, 303)
    db.session.commit()
    flash("Off your list." if "drop" in request.form else "Kept on your list.", "success")
    return redirect(back, 303)


@bp.post("/wishes/bag")
def wish_into_bag() -> Any:
    wishing.open_or_404()
    try:
        owner = bag_owner_for_writing()
        wishing.move_to_bag(own_client(current_user.id).id, owner, _product("product"))
    except ShopError as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return redirect(HERE, 303)
    db.session.commit()
    remember_count(count(owner))
    flash("It is in your bag.", "success")
    return redirect(HERE, 303)


def _product(name: str) -> int:
    """The id that was sent, or 0, which is no product."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
