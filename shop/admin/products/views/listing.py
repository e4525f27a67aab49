"""The list of products, and a new one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.paging import after_of, first_path, next_path
from shop.admin.products.editing import make_product
from shop.admin.products.finding import READINGS as KNOWN_READINGS
from shop.admin.products.finding import STATES as KNOWN_STATES
from shop.admin.products.finding import Wanted, brands, find_products
from shop.admin.products.forms import NewProductForm
from shop.admin.products.many import ACTS
from shop.admin.products.words import READINGS, STATES
from shop.care.limits import WATCHED_DAYS
from shop.catalog.selling_days import ending
from shop.catalog.words import STEP_WORDS
from shop.core import clock
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor
from shop.inventory.placing_on_market import lots_ending


@bp.get("/products")
@right_needed("catalogue")
def products() -> Any:
    asked = request.args
    wanted = Wanted(
        q=asked.get("q", "").strip()[:80],
        state=asked.get("state", "") if asked.get("state") in KNOWN_STATES else "",
        reading=asked.get("reading", "") if asked.get("reading") in KNOWN_READINGS else "",
        brand=asked.get("brand", "")[:120],
        photo="missing" if asked.get("photo") == "missing" else "",
    )
    page = find_products(wanted, after=after_of(asked))
    words = {"states": STATES, "readings": READINGS, "steps": STEP_WORDS, "acts": ACTS, "brands": brands()}
    paths = {"next_url": next_path(page.after), "first_url": first_path()}
    return render_template("admin/products/list.html", rows=page.rows, wanted=wanted, **words, **paths)


@bp.get("/products/selling-days")
@right_needed("catalogue")
def selling_days() -> Any:
    """What the law ends, ninety days ahead."""
    return render_template(
        "admin/products/selling_days.html", rows=ending(), lots=lots_ending(), today=clock.today(), days=WATCHED_DAYS
    )


@bp.get("/products/new")
@right_needed("catalogue")
def new_product() -> Any:
    return render_template("admin/products/new.html", form=NewProductForm(formdata=None), brands=brands())


@bp.post("/products/new")
@right_needed("catalogue")
def add_product() -> Any:
    form = NewProductForm()
    if not form.validate_on_submit():
        return render_template("admin/products/new.html", form=form, brands=brands()), 422
    words = {"name": form.name.data or "", "brand": form.brand.data or "", "sku": form.sku.data or ""}
    try:
        product = make_product(**words, price_minor=form.price.minor or 0, by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return render_template("admin/products/new.html", form=form, brands=brands()), error.status
    db.session.commit()
    flash("The draft is made. Add its words, then make it live.", "success")
    return redirect(url_for("admin.product", id=product.id), 303)
