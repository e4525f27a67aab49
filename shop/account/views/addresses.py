"""Where parcels go: add, change, remove, choose the usual one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from shop.account.forms import AddressForm
from shop.account.pages import bp
from shop.accounts.addresses import add_address, addresses_of, change_address, get_address, make_default
from shop.accounts.models import Address
from shop.accounts.own_file import own_client
from shop.core.db import db
from shop.core.errors import Refused
from shop.terms.addresses import country_name


@bp.get("/addresses")
def addresses() -> Any:
    return _list(AddressForm(formdata=None, name=current_user.name))


@bp.post("/addresses")
def add() -> Any:
    form = AddressForm()
    if not form.validate():
        return _list(form), 422
    try:
        add_address(own_client(current_user.id).id, facts=form.facts())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _list(form), refused.status
    db.session.commit()
    return _done("The address is kept.")


@bp.get("/addresses/<int:id>")
def address(id: int) -> Any:
    mine = get_address(id, client_id=current_user.client_id)
    return render_template("account/address.html", address_id=id, form=AddressForm(formdata=None, obj=mine))


@bp.post("/addresses/<int:id>")
def change(id: int) -> Any:
    mine, form = get_address(id, client_id=current_user.client_id), AddressForm()
    if not form.validate():
        return render_template("account/address.html", address_id=id, form=form), 422
    change_address(mine, facts=form.facts())
    db.session.commit()
    return _done("The address is changed.")


@bp.post("/addresses/<int:id>/default")
def usual(id: int) -> Any:
    make_default(get_address(id, client_id=current_user.client_id))
    db.session.commit()
    return _done("This is your usual address now.")


@bp.post("/addresses/<int:id>/remove")
def remove(id: int) -> Any:
    db.session.delete(get_address(id, client_id=current_user.client_id))
    db.session.commit()
    return _done("The address is removed.")


def _list(form: AddressForm) -> str:
    known = [(mine, _in_one_line(mine)) for mine in addresses_of(current_user.client_id)]
    return render_template("account/addresses.html", addresses=known, form=form)


def _in_one_line(mine: Address) -> str:
    parts = (mine.name, mine.line1, mine.line2, mine.city, mine.postcode, country_name(mine.country))
    return ", ".join(part for part in parts if part)


def _done(sentence: str) -> Any:
    flash(sentence)
    return redirect(url_for("account.addresses"), code=303)
