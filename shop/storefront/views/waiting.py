"""A product that is sold out takes an address; the letter that follows has one button to stop it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for

from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.limits import hit
from shop.storefront import noticing
from shop.storefront.forms import NoticeForm
from shop.storefront.pages import bp
from shop.storefront.views.products import product

A_FEW, PER = 10, timedelta(hours=1)


@bp.post("/products/<slug>/tell-me")
def tell_me(slug: str) -> Any:
    hit("stock-notice", request.remote_addr or "", allowed=A_FEW, per=PER)
    g.private = True
    form = NoticeForm()
    if not form.validate_on_submit():
        return product(slug, notice_form=form), 422
    try:
        token = noticing.ask_for(form.sku.data or "", email=form.email.data or "")
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return product(slug, notice_form=form), error.status
    db.session.commit()
    flash("It is on our list.", "success")
    return redirect(url_for("storefront.waiting_for", token=token), 303)


@bp.get("/products/waiting/<token>")
def waiting_for(token: str) -> Any:
    g.private = True
    return render_template("storefront/waiting.html", notice=noticing.waiting(token), token=token)


@bp.post("/products/waiting/<token>")
def stop_waiting(token: str) -> Any:
    g.private = True
    noticing.stop(noticing.waiting(token))
    db.session.commit()
    return redirect(url_for("storefront.waiting_for", token=token), 303)
