"""The desk of reviews: each is read against the rules for claims, then published, declined or answered."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.models import Client
from shop.accounts.naming import name_of_actor
from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.paging import after_of, first_path, next_path
from shop.admin.reviews.forms import AnswerForm, DecisionForm
from shop.catalog.models import Brand, Product
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor
from shop.reviews import moderating
from shop.reviews.models import STATES, Review

PER_PAGE, LARGEST_ID = 50, 2**53
SAID = {
    "show": "Published.",
    "stars": "The stars count; the words are not shown.",
    "decline": "Declined; the client sees why.",
}


@bp.get("/reviews")
@right_needed("reviews")
def reviews() -> Any:
    chosen, after = request.args.get("state", "waiting"), after_of(request.args)
    rows = _rows().order_by(Review.id.desc())
    if chosen in STATES:
        rows = rows.where(Review.state == chosen)
    if after is not None:
        rows = rows.where(Review.id < after)
    found = db.session.execute(rows.limit(PER_PAGE + 1)).all()
    shown = found[:PER_PAGE]
    paths = {"next_url": next_path(shown[-1][0].id if len(found) > PER_PAGE else None), "first_url": first_path()}
    return render_template("admin/reviews/list.html", rows=shown, chosen=chosen if chosen in STATES else "", **paths)


@bp.get("/reviews/<int:id>")
@right_needed("reviews")
def review(id: int) -> Any:
    return _page(id)


@bp.post("/reviews/<int:id>")
@right_needed("reviews")
def decide_review(id: int) -> Any:
    form = DecisionForm()
    if not form.validate_on_submit():
        return _page(id, decision=form), 422
    try:
        turn, reason = form.turn.data or 0, form.reason.data or ""
        moderating.decide(min(id, LARGEST_ID), form.act.data or "", turn=turn, reason=reason, by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(id, decision=form), error.status
    db.session.commit()
    flash(SAID[form.act.data], "success")
    return redirect(url_for("admin.reviews"), 303)


@bp.post("/reviews/<int:id>/answer")
@right_needed("reviews")
def answer_review(id: int) -> Any:
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(id, answer=form), 422
    try:
        moderating.answer(min(id, LARGEST_ID), form.text.data or "", by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(id, answer=form), error.status
    db.session.commit()
    flash("It stands under the review." if form.text.data else "The answer is gone.", "success")
    return redirect(url_for("admin.review", id=id), 303)


def _rows() -> Any:
    return (
        select(Review, Product.name, Brand.name, Client.name)
        .join(Product, Product.id == Review.product_id)
        .join(Brand, Brand.id == Product.brand_id)
        .join(Client, Client.id == Review.client_id)
    )


def _page(id: int, *, decision: DecisionForm | None = None, answer: AnswerForm | None = None) -> str:
    review = moderating.get_review(min(id, LARGEST_ID))
    _, product, brand, client = db.session.execute(_rows().where(Review.id == review.id)).one()
    return render_template(
        "admin/reviews/review.html",
        review=review,
        what=f"{brand} {product}",
        client=client,
        hits=moderating.findings(review.text),
        decided_by=name_of_actor(review.decided_by) if review.decided_by else "",
        decision=decision or DecisionForm(formdata=None, turn=review.turn, reason=review.reason),
        answer=answer or AnswerForm(formdata=None, text=review.answer),
    )
