"""What somebody bought and may review, and what they wrote."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from shop.account.forms import ReviewForm
from shop.account.pages import bp
from shop.core.db import db
from shop.core.errors import NotFound, ShopError
from shop.reviews import writing
from shop.reviews.reading import HOW_VERIFIED

LARGEST_ID = 2**53


@bp.get("/reviews")
def reviews() -> Any:
    writing.open_or_404()
    mine = writing.mine(current_user.client_id) if current_user.client_id is not None else []
    return render_template("account/reviews.html", mine=mine)


@bp.get("/reviews/<int:id>")
def review(id: int) -> Any:
    one = _one(id)
    known = {"stars": str(one.review.stars), "text": one.review.text} if one.review else {}
    return _page(one, ReviewForm(formdata=None, **known))


@bp.post("/reviews/<int:id>")
def write_review(id: int) -> Any:
    one, form = _one(id), ReviewForm()
    if not form.validate_on_submit():
        return _page(one, form), 422
    try:
        stars, text = int(form.stars.data), form.text.data or ""
        writing.write(current_user.client_id, one.product_id, stars=stars, text=text, by=f"user:{current_user.id}")
    except ShopError as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(_one(id), form), refused.status
    db.session.commit()
    flash("Thank you. The clinic reads it before it is shown.", "success")
    return redirect(url_for("account.reviews"), 303)


@bp.post("/reviews/<int:id>/remove")
def take_review_back(id: int) -> Any:
    one = _one(id)
    writing.take_back(current_user.client_id, one.product_id, by=f"user:{current_user.id}")
    db.session.commit()
    flash("Your review is gone.", "success")
    return redirect(url_for("account.reviews"), 303)


def _one(product_id: int) -> writing.Mine:
    """Raises NotFound for what is not this client's to write about, also for a sign-in that stands for no client."""
    writing.open_or_404()
    if current_user.client_id is None:
        raise NotFound(writing.NOT_HERE)
    return writing.one_of_mine(int(current_user.client_id), min(product_id, LARGEST_ID))


def _page(one: writing.Mine, form: ReviewForm) -> str:
    return render_template("account/review.html", one=one, form=form, how_verified=HOW_VERIFIED)
