"""Gift cards: the page on which one is bought for somebody, and the card itself, to be printed. Hidden until switched on."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, render_template, url_for

from shop.bag import filling
from shop.bag.browser import bag_owner_for_writing, remember_count
from shop.bag.card_codes import spelt
from shop.core.db import db
from shop.core.errors import NotFound, ShopError
from shop.core.money import money, parse_minor
from shop.core.settings import setting
from shop.orders.onto_cards import card_behind
from shop.storefront.forms import GiftCardForm
from shop.storefront.pages import bp

OFF = "Gift cards are not sold here."


@bp.get("/gift-cards")
def gift_cards() -> Any:
    if not setting("gift_cards.on"):
        raise NotFound(OFF)
    return _page(GiftCardForm(_amounts(), _currency(), formdata=None))


@bp.post("/gift-cards")
def buy_gift_card() -> Any:
    g.private = True
    if not setting("gift_cards.on"):
        raise NotFound(OFF)
    form = GiftCardForm(_amounts(), _currency())
    if not form.validate_on_submit():
        return _page(form), 422
    names = ("for_name", "for_email", "from_name", "message")
    try:
        owner = bag_owner_for_writing()
        filling.add_gift_card(owner, form.minor, gift={name: form[name].data or "" for name in names})
        count = filling.count(owner)
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(form), error.status
    db.session.commit()
    remember_count(count)
    flash("The gift card is in your bag.", "success")
    return redirect(url_for("bag.show"), 303)


@bp.get("/gift-cards/<token>")
def gift_card(token: str) -> Any:
    """Whoever holds the link holds the card; no other page hears of the address."""
    g.private = True
    card = card_behind(token)
    words = {
        "code": spelt(card.code),
        "left": card.balance_minor,
        "amount": money(card.amount_minor, card.currency, short=True),
    }
    answer = current_app.make_response(render_template("storefront/gift_card.html", card=card, **words))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _amounts() -> list[tuple[str, str]]:
    currency = _currency()
    offered = [parse_minor(text, currency) for text in setting("gift_cards.amounts")]
    return [(str(minor), money(minor, currency, short=True)) for minor in offered]


def _page(form: GiftCardForm) -> str:
    span = [money(setting(f"gift_cards.{end}_minor"), _currency(), short=True) for end in ("least", "most")]
    return render_template("storefront/gift_cards.html", form=form, span=span)


def _currency() -> str:
    currency: str = current_app.config["SHOP"].currency
    return currency
