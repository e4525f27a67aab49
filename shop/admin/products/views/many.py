"""Many products at once: chosen in the list, shown, then done."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.products.many import ACTS, MOST, carry_out, plan
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor


@bp.post("/products/many")
@right_needed("catalogue")
def preview_products() -> Any:
    """A POST that only shows: nothing is written, and the choice may be long."""
    act, value = request.form.get("act", ""), request.form.get("value", "")[:20]
    currency = current_app.config["SHOP"].currency
    try:
        changes = plan(_ids(request.form.getlist("ids")), act, value, currency=currency)
    except ShopError as error:
        flash(error.sentence, "error")
        return redirect(url_for("admin.products"), 303)
    return render_template("admin/products/many.html", changes=changes, title=ACTS[act], value=value)


@bp.post("/products/many/apply")
@right_needed("catalogue")
def change_products() -> Any:
    wanted = [triple for text in request.form.getlist("changes")[: MOST * 10] if (triple := _triple(text))]
    done, left = carry_out(wanted, by=actor(current_user))
    db.session.commit()
    flash(f"{done} {'change' if done == 1 else 'changes'} made." if done else "Nothing was changed.", "success")
    for sentence in left[:20]:
        flash(sentence, "warning")
    return redirect(url_for("admin.products"), 303)


def _ids(texts: list[str]) -> list[int]:
    return sorted({int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 16})


def _triple(text: str) -> tuple[str, str, str] | None:
    """ "variant:7|2500|2600"; anything else is left out."""
    parts = text.split("|")
    kind, _, number = parts[0].partition(":")
    known = len(parts) == 3 and kind in ("product", "variant") and number.isascii() and number.isdecimal()
    if not known or len(number) > 15:
        return None
    figures = all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts[1:])
    return (parts[0], parts[1], parts[2]) if kind == "product" or figures else None
