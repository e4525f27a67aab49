"""The desk of gift cards: found by their last signs or by a name, each with everything that moved on it."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import func, or_, select

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.admin.paging import after_of, first_path, next_path
from shop.admin.people import names_of
from shop.bag import cards
from shop.bag.models import GiftCard
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.history import actor, history_of
from shop.orders.onto_cards import card_link
from shop.reports.owing_on_cards import FIGURES, owed_on_cards
from shop.reports.spans import last_months, read_month, this_month

PER_PAGE = 50
WORDS = {
    "issue": "Sold",
    "bring": "Brought along",
    "spend": "Spent",
    "release": "Back: the order was not paid",
    "refund": "Back: a refund",
    "void": "Taken back",
}


@bp.get("/gift-cards")
@right_needed("till")
def gift_cards() -> Any:
    q, after, month = request.args.get("q", "").strip()[:80], after_of(request.args), read_month(request.args.get("month"))
    rows = select(GiftCard).order_by(GiftCard.id.desc())
    if q:
        names = [
            func.lower(column).contains(q.lower(), autoescape=True) for column in (GiftCard.for_name, GiftCard.from_name)
        ]
        rows = rows.where(or_(GiftCard.tail == q.upper()[-4:], GiftCard.order_number == q.upper(), *names))
    if after is not None:
        rows = rows.where(GiftCard.id < after)
    found = list(db.session.scalars(rows.limit(PER_PAGE + 1)))
    shown = found[:PER_PAGE]
    paths = {"next_url": next_path(shown[-1].id if len(found) > PER_PAGE else None), "first_url": first_path()}
    facts = {
        "owed": owed_on_cards(month),
        "figures": FIGURES,
        "month": month,
        "months": last_months(13, until=this_month()),
    }
    currency = current_app.config["SHOP"].currency
    return render_template("admin/gift_cards/list.html", q=q, cards=shown, currency=currency, **facts, **paths)


@bp.get("/gift-cards/<int:id>")
@right_needed("till")
def gift_card(id: int) -> Any:
    return _page(cards.get_card(id))


@bp.post("/gift-cards/<int:id>/state")
@right_needed("till")
def block_gift_card(id: int) -> Any:
    """A lost card is blocked, a found one opened again; both with their reason."""
    card, blocked = cards.get_card(id), request.form.get("state") == "blocked"
    try:
        cards.set_blocked(card, blocked=blocked, reason=request.form.get("reason", "")[:300], by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        return _page(cards.get_card(id), problem=error.sentence), error.status
    db.session.commit()
    flash("Blocked: it pays nothing more." if blocked else "Open again.", "success")
    return redirect(url_for("admin.gift_card", id=id), 303)


def _page(card: GiftCard, problem: str = "") -> str:
    moves, trail = cards.moves_of(card), history_of(f"gift-card:{card.id}")
    names = names_of([*(move.by for move in moves), *(entry.by for entry in trail)])
    facts = {"moves": moves, "trail": trail, "names": names, "words": WORDS, "signs": cards.SIGNS, "link": card_link(card)}
    return render_template("admin/gift_cards/card.html", card=card, problem=problem, **facts)
