"""The sizes of a product: one page for each, and one for a new one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.admin.prices.views import WrittenPriceForm, stop_price, write_price, written_facts
from shop.admin.products.editing import keep_size
from shop.admin.products.forms import SizeForm
from shop.admin.products.showing import get_product, get_size
from shop.catalog.changing_prices import price_history
from shop.catalog.models import Product, Variant
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor


@bp.get("/products/<int:id>/sizes/new")
@right_needed("catalogue")
def new_size(id: int) -> Any:
    return _page(get_product(id), None, SizeForm(formdata=None, vat_percent="20"))


@bp.post("/products/<int:id>/sizes/new")
@right_needed("catalogue")
def add_size(id: int) -> Any:
    return _keep(get_product(id), None)


@bp.get("/products/<int:id>/sizes/<int:line_id>")
@right_needed("catalogue")
def size(id: int, line_id: int) -> Any:
    return _shown(id, line_id)


def _shown(id: int, line_id: int, *, written: WrittenPriceForm | None = None) -> str:
    product = get_product(id)
    variant = get_size(product, line_id)
    form = SizeForm(formdata=None, obj=variant)
    form.size_name.data = variant.name
    form.price.process_data(variant.price_minor)
    form.compare_at.process_data(variant.compare_at_minor)
    return _page(product, variant, form, written)


@bp.post("/products/<int:id>/sizes/<int:line_id>")
@right_needed("catalogue")
def change_size(id: int, line_id: int) -> Any:
    product = get_product(id)
    return _keep(product, get_size(product, line_id))


@bp.post("/products/<int:id>/sizes/<int:line_id>/prices")
@right_needed("catalogue")
def write_size_price(id: int, line_id: int) -> Any:
    variant = get_size(get_product(id), line_id)
    return write_price(variant, back=_at(id, line_id), page=lambda form: _shown(id, line_id, written=form))


@bp.post("/products/<int:id>/sizes/<int:line_id>/prices/stop")
@right_needed("catalogue")
def stop_size_price(id: int, line_id: int) -> Any:
    return stop_price(get_size(get_product(id), line_id), back=_at(id, line_id))


def _at(id: int, line_id: int) -> str:
    return url_for("admin.size", id=id, line_id=line_id)


def _keep(product: Product, variant: Variant | None) -> Any:
    form, product_id = SizeForm(), product.id
    if not form.validate_on_submit():
        return _page(product, variant, form), 422
    size_id = variant.id if variant else None
    try:
        keep_size(product, variant, price_minor=form.price.minor or 0, facts=_facts(form), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        product = get_product(product_id)
        return _page(product, get_size(product, size_id) if size_id else None, form), error.status
    db.session.commit()
    flash("The size is saved.", "success")
    return redirect(url_for("admin.product", id=product_id), 303)


def _facts(form: SizeForm) -> dict[str, Any]:
    return {
        "sku": form.sku.data or "",
        "barcode": form.barcode.data or None,
        "name": form.size_name.data or "",
        "compare_at_minor": form.compare_at.minor,
        "content_amount": form.content_amount.data,
        "content_unit": form.content_unit.data,
        "weight_grams": form.weight_grams.data or 0,
        "vat_percent": form.vat_percent.data,
        "is_sold": form.is_sold.data,
    }


def _page(product: Product, variant: Variant | None, form: SizeForm, written: WrittenPriceForm | None = None) -> str:
    subject = f"variant:{variant.id}" if variant else ""
    changes = price_history([subject])[subject] if subject else []
    names = names_of(change.by for change in changes)
    words = {"form": form, "changes": changes, "names": names, **written_facts(variant, written)}
    return render_template("admin/products/size.html", product=product, variant=variant, **words)
