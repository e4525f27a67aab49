"""One product: its words, its state, its links to concerns."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.choosing import choices
from shop.admin.fingerprints import refuse_older
from shop.admin.pages import bp
from shop.admin.products.duplicating import duplicate
from shop.admin.products.editing import Claims, add_link, change_words, remove_link
from shop.admin.products.finding import brands
from shop.admin.products.forms import FOCUSES, PHASES, ROLES, LinkForm, PictureForm, ProductForm
from shop.admin.products.showing import get_product, seen, sheet, typed, words_of
from shop.admin.products.words import READINGS, STATES
from shop.catalog.models import Brand, Product
from shop.catalog.publishing import set_product_state
from shop.core.db import db
from shop.core.errors import Refused, ShopError
from shop.core.history import actor


@bp.get("/products/<int:id>")
@right_needed("catalogue")
def product(id: int) -> Any:
    return page(get_product(id))


@bp.post("/products/<int:id>")
@right_needed("catalogue")
def change_product(id: int) -> Any:
    product, form = get_product(id), ProductForm()
    if not form.validate_on_submit():
        return page(product, form), 422
    try:
        refuse_older(words_of(product))
        found = change_words(product, typed(form, _brand_id(form)), by=actor(current_user))
    except Claims as claims:
        for name, sentence in claims.found:
            form.refuse(Refused(sentence, field=name))
        db.session.rollback()
        return page(get_product(id), form), claims.status
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return page(get_product(id), form), error.status
    db.session.commit()
    flash("Saved.", "success")
    for _, sentence in found:
        flash(f"Before it goes live: {sentence}", "warning")
    return redirect(url_for("admin.product", id=id), 303)


@bp.post("/products/<int:id>/state")
@right_needed("catalogue")
def product_state(id: int) -> Any:
    product, state = get_product(id), request.form.get("state", "")
    try:
        if state not in STATES:
            raise Refused("Choose draft, live or archived.")
        set_product_state(product, state, by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        return page(get_product(id), problem=error.sentence), error.status
    db.session.commit()
    flash({"live": "It is live.", "draft": "It is a draft again.", "archived": "It is archived."}[state], "success")
    return redirect(url_for("admin.product", id=id), 303)


@bp.post("/products/<int:id>/duplicate")
@right_needed("catalogue")
def duplicate_product(id: int) -> Any:
    copy = duplicate(get_product(id), by=actor(current_user))
    db.session.commit()
    flash("This is the copy, as a draft. Give it its own name.", "success")
    return redirect(url_for("admin.product", id=copy.id), 303)


@bp.post("/products/<int:id>/links")
@right_needed("catalogue")
def link_product(id: int) -> Any:
    product, form = get_product(id), LinkForm()
    if not form.validate_on_submit():
        return page(product, linked=form), 422
    facts = {"concern": str(form.concern.data), "phase": form.phase.data, "role": form.role.data}
    try:
        add_link(product, **facts, reason=form.link_reason.data or "", by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return page(get_product(id), linked=form), error.status
    db.session.commit()
    flash("Linked.", "success")
    return redirect(url_for("admin.product", id=id), 303)


@bp.post("/products/<int:id>/links/<int:line_id>/remove")
@right_needed("catalogue")
def unlink_product(id: int, line_id: int) -> Any:
    remove_link(get_product(id), min(line_id, 2**53), by=actor(current_user))
    db.session.commit()
    flash("The link is gone.", "success")
    return redirect(url_for("admin.product", id=id), 303)


def page(
    product: Product,
    form: ProductForm | None = None,
    *,
    linked: LinkForm | None = None,
    pictured: PictureForm | None = None,
    problem: str = "",
) -> str:
    shown = sheet(product)
    if form is None:
        form = ProductForm(formdata=None, obj=product)
        form.brand.data = shown.brand.slug
    linked, pictured = linked or LinkForm(formdata=None), pictured or PictureForm(formdata=None)
    form.brand.choices = choices(dict(brands()))
    linked.concern.choices = choices({"": "Choose …"} | dict(shown.concerns))
    words = {
        "states": STATES,
        "readings": READINGS,
        "phases": PHASES,
        "roles": ROLES,
        "seen": seen(product),
        "focuses": FOCUSES,
    }
    forms = {"form": form, "linked": linked, "pictured": pictured}
    return render_template("admin/products/product.html", sheet=shown, problem=problem, **forms, **words)


def _brand_id(form: ProductForm) -> int:
    brand_id = db.session.scalar(select(Brand.id).where(Brand.slug == str(form.brand.data)))
    if brand_id is None:
        raise Refused("Choose a brand.", field="brand")
    return brand_id
