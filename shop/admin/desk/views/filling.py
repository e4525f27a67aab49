"""A sale is begun, filled by scanning or searching, and given its client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.guests import open_file
from shop.accounts.models import Client
from shop.accounts.rights import right_needed
from shop.admin.desk.finding import scanned
from shop.admin.desk.forms import ClientForm
from shop.admin.desk.showing import page_facts
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.bag import codes, filling
from shop.bag.forms import AddForm, QuantityForm, read_addons
from shop.bag.paying_with_cards import find_card, put_card_in, take_card_out
from shop.bag.reading import read_bag
from shop.checkout import selling
from shop.checkout.till import read_till
from shop.core.db import db
from shop.core.errors import NotFound, Refused, ShopError
from shop.core.history import actor
from shop.core.money import parse_minor


@bp.get("/desk")
@right_needed("till")
def desk() -> Any:
    parked = selling.parked()
    facts = {"till": read_till(), "currency": current_app.config["SHOP"].currency}
    return render_template("admin/desk/desk.html", parked=parked, names=names_of(one.by for one in parked), **facts)


@bp.post("/desk")
@right_needed("till")
def begin_sale() -> Any:
    wanted = request.form.get("client", "")
    sale = selling.begin(by=actor(current_user))
    if wanted:
        sale.client_id = _client(wanted).id
    db.session.commit()
    return redirect(url_for("admin.sale", id=sale.id), 303)


@bp.get("/desk/<int:id>")
@right_needed("till")
def sale(id: int) -> Any:
    return render_template("admin/desk/sale.html", **page_facts(selling.get_sale(id)))


@bp.post("/desk/<int:id>/scan")
@right_needed("till")
def scan_into_sale(id: int) -> Any:
    """What the scanner sends ends with Enter: a known article goes in at once, anything else is searched for."""
    sale, text = selling.get_sale(id), request.form.get("code", "").strip()[:200]
    sku = scanned(text)
    if sku is None:
        return redirect(url_for("admin.sale", id=id, q=text), 303)
    return _act(id, lambda: filling.add_variant(selling.owner_of(sale), sku))


@bp.post("/desk/<int:id>/lines")
@right_needed("till")
def add_to_sale(id: int) -> Any:
    sale, form = selling.get_sale(id), AddForm()
    if not form.validate_on_submit():
        return _page(id, problem=form.sentences[0][1]), 422
    owner, quantity = selling.owner_of(sale), form.quantity.data or 1

    def put_in() -> None:
        if form.sku.data:
            filling.add_variant(owner, form.sku.data, quantity=quantity)
        elif form.package.data:
            filling.add_package(
                owner, form.package.data, quantity=quantity, addons=read_addons(request.form.getlist("addon"))
            )
        else:
            raise Refused("Choose what is sold.")

    return _act(id, put_in)


@bp.post("/desk/<int:id>/lines/<int:line_id>")
@right_needed("till")
def change_in_sale(id: int, line_id: int) -> Any:
    sale, form = selling.get_sale(id), QuantityForm()
    if not form.validate_on_submit():
        return _page(id, problem=form.sentences[0][1]), 422
    return _act(id, lambda: filling.set_quantity(selling.owner_of(sale), line_id, quantity=form.quantity.data or 0))


@bp.post("/desk/<int:id>/codes")
@right_needed("till")
def code_in_sale(id: int) -> Any:
    sale = selling.get_sale(id)
    owner, bag = selling.owner_of(sale), read_bag(selling.owner_of(sale))
    out, text, tail = request.form.get("remove", ""), request.form.get("code", ""), request.form.get("card", "")
    if out:
        return _act(id, lambda: codes.take_out(owner, out, held=bag.names))
    if tail:
        return _act(id, lambda: take_card_out(owner, tail, cards_held=bag.cards))
    card = find_card(text)
    if card is not None:
        return _act(id, lambda: put_card_in(owner, card, held=[one.id for one in bag.cards]))
    return _act(id, lambda: codes.put_in(owner, text, bag.items, held=bag.names))


@bp.post("/desk/<int:id>/gift-card")
@right_needed("till")
def gift_card_in_sale(id: int) -> Any:
    sale, typed = selling.get_sale(id), request.form.get("amount", "")[:20]
    gift = {"for_name": request.form.get("for_name", "").strip()[:80]}

    def put_in() -> None:
        filling.add_gift_card(selling.owner_of(sale), parse_minor(typed, current_app.config["SHOP"].currency), gift=gift)

    return _act(id, put_in)


@bp.post("/desk/<int:id>/client")
@right_needed("till")
def client_of_sale(id: int) -> Any:
    """One that was found, nobody, or a new one."""
    sale, wanted = selling.get_sale(id), request.form.get("client", "")
    if wanted:
        sale.client_id = None if wanted == "nobody" else _client(wanted).id
        db.session.commit()
        return redirect(url_for("admin.sale", id=id), 303)
    form = ClientForm()
    if not form.validate_on_submit():
        return _page(id, client=form), 422
    facts = {"name": form.name.data or "", "email": form.email.data or "", "phone": form.phone.data or ""}
    sale.client_id = open_file(**facts).id
    db.session.commit()
    flash(f"{form.name.data} is a client now.", "success")
    return redirect(url_for("admin.sale", id=id), 303)


@bp.post("/desk/<int:id>/drop")
@right_needed("till")
def drop_sale(id: int) -> Any:
    selling.drop(selling.get_sale(id))
    db.session.commit()
    flash("The sale is given up. Nothing was charged.", "success")
    return redirect(url_for("admin.desk"), 303)


def _client(text: str) -> Client:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    client = db.session.scalars(select(Client).where(Client.id == number, Client.erased_at.is_(None))).first()
    if client is None:
        raise NotFound("This client is not here any more.")
    return client


def _act(id: int, act: Callable[[], object]) -> Any:
    try:
        act()
    except ShopError as error:
        db.session.rollback()
        return _page(id, problem=error.sentence), error.status
    db.session.commit()
    return redirect(url_for("admin.sale", id=id), 303)


def _page(id: int, *, problem: str = "", client: ClientForm | None = None) -> str:
    return render_template("admin/desk/sale.html", **page_facts(selling.get_sale(id), problem=problem, client=client))
