"""The bag's page and what can be done in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from shop.bag import code_uses, codes, filling
from shop.bag.browser import bag_owner, bag_owner_for_writing, remember_count
from shop.bag.caring import care_words
from shop.bag.finding import Owner
from shop.bag.forms import AddForm, CodeForm, DateForm, QuantityForm, read_addons
from shop.bag.gating import gate, why_waiting
from shop.bag.paying_with_cards import find_card, put_card_in, take_card_out
from shop.bag.reading import BagView, read_bag
from shop.bag.showing import shown
from shop.core import limits
from shop.core.access import declare
from shop.core.db import db
from shop.core.errors import Refused, ShopError
from shop.core.web import site_path, wants_json
from shop.intake.browser import subject

BUCKET, A_FEW, PER = "bag-codes", 15, timedelta(minutes=10)
WAIT = "Several codes were tried from here. Please wait ten minutes, or call us: we put it in for you."

bp = declare(Blueprint("bag", __name__), "public")


@bp.before_request
def _private() -> None:
    g.private = True


@bp.get("/bag")
def show() -> Any:
    return _page(), 200


@bp.post("/bag/lines")
def add() -> Any:
    form = AddForm()
    if not form.validate_on_submit():
        return _refused(form.sentences[0][1])
    try:
        owner = bag_owner_for_writing()
        _put_in(owner, form)
    except ShopError as error:
        db.session.rollback()
        return _refused(error.sentence, error.status)
    return _done(owner, "It is in your bag.")


@bp.post("/bag/lines/<int:line_id>")
def change(line_id: int) -> Any:
    form = QuantityForm()
    if not form.validate_on_submit():
        return _refused(form.sentences[0][1])
    owner = bag_owner()
    try:
        filling.set_quantity(owner, line_id, quantity=form.quantity.data or 0)
    except ShopError as error:
        db.session.rollback()
        return _refused(error.sentence, error.status)
    return _done(owner, "Your bag is up to date.")


@bp.post("/bag/lines/<int:line_id>/date")
def agree(line_id: int) -> Any:
    form = DateForm()
    if not form.validate_on_submit() or form.short_dated.data is None:
        return _refused("Tick the box first, or take it out.")
    owner = bag_owner()
    try:
        filling.agree_to_date(owner, line_id, ends=form.short_dated.data)
    except ShopError as error:
        db.session.rollback()
        return _refused(error.sentence, error.status)
    return _done(owner, "Your bag is up to date.")


@bp.post("/bag/codes")
def use_code() -> Any:
    """Put a code in, or take one out (`remove`); what was typed stays where it is refused."""
    limits.hit(BUCKET, request.remote_addr or "", allowed=A_FEW, per=PER, sentence=WAIT)
    owner, form = bag_owner(), CodeForm()
    bag = read_bag(owner)
    try:
        sentence = _turn_code(owner, bag, form)
    except ShopError as error:
        db.session.rollback()
        form.code.errors = [error.sentence]
        return _page(code_form=form), 422
    db.session.commit()
    limits.give_back(BUCKET, request.remote_addr or "", per=PER)
    flash(sentence, "success")
    return redirect(url_for("bag.show"), 303)


def _turn_code(owner: Owner, bag: BagView, form: CodeForm) -> str:
    if form.card.data:
        take_card_out(owner, form.card.data, cards_held=bag.cards)
        return "The gift card is out of your bag."
    if form.remove.data:
        codes.take_out(owner, form.remove.data, held=bag.names)
        return f"The code {form.remove.data} is out of your bag."
    if not form.code.data:
        raise Refused("Type a code first.", field="code")
    if not bag.items:
        raise Refused("Put something into your bag first.", field="code")
    card = find_card(form.code.data)
    if card is not None:
        return put_card_in(owner, card, held=[held.id for held in bag.cards])
    name = codes.put_in(owner, form.code.data, bag.items, held=bag.names)
    if current_user.is_authenticated:
        code_uses.refuse_spent_by(name, email=current_user.email, client_id=current_user.client_id)
    return f"The code {name} is in your bag."


def _put_in(owner: Owner, form: AddForm) -> None:
    quantity = form.quantity.data or 1
    if form.sku.data:
        filling.add_variant(owner, form.sku.data, quantity=quantity)
    elif form.package.data:
        addons = read_addons(request.form.getlist("addon"))
        filling.add_package(owner, form.package.data, quantity=quantity, addons=addons)
    elif form.box.data:
        filling.add_box(owner, form.box.data, quantity=quantity)
    else:
        abort(400)


def _done(owner: Owner, sentence: str) -> Any:
    count = filling.count(owner)
    db.session.commit()
    remember_count(count)
    if wants_json():
        return jsonify(count=count, sentence=sentence)
    flash(sentence, "success")
    return redirect(site_path(request.form.get("back"), otherwise=url_for("bag.show")), 303)


def _refused(sentence: str, status: int = 422) -> Any:
    if wants_json():
        return jsonify(error=sentence), status
    return _page(sentence), status


def _page(sentence: str | None = None, *, code_form: CodeForm | None = None) -> str:
    read = read_bag(bag_owner())
    waiting = {line_id: why_waiting(standing) for line_id, standing in gate(read, subject()).waiting.items()}
    bag = shown(read, waiting=waiting)
    words = care_words(read)
    for line in bag.lines:
        if line.id in words:
            line.care, line.care_kind = words[line.id].text, words[line.id].kind
    if sentence:
        bag.problems.insert(0, sentence)
    return render_template("bag/bag.html", bag=bag, code_form=code_form or CodeForm(formdata=None))
